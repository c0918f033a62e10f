package sluice.engine;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.*;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.DuplicateKeyError;
import java.util.*;
import org.h2.mvstore.MVMap;

/**
 * One index: an ordered map from the encoded values of its fields, followed by the document's position, to the length
 * of the values' part; of _id, the map of the documents. A mark under the empty key says that a document has an array
 * there (multikey). The collection changes it together with the document.
 */
final class DocumentIndex extends EmptyIndex<Object> {
  private static final String MULTIKEY = "";
  final MVMap<String, Object> map;
  final List<String> fields = keys(), roots = fields.stream().map(field -> field.split("\\.")[0]).toList();
  final List<Boolean> ascending = getKeys().stream().map(IndexKey::isAscending).toList();
  final boolean sparse, unique, isNew, ofId = fields.equals(List.of("_id"));
  @SuppressWarnings("unchecked")
  DocumentIndex(MVMap<String, ?> map, String name, List<IndexKey> keys, boolean sparse, boolean unique, boolean isNew) {
    super(name, keys);
    this.map = (MVMap<String, Object>) map;
    this.sparse = sparse;
    this.unique = unique;
    this.isNew = isNew;
  }
  /** What one document's change does to an index: worked out and checked first, so that it is then done whole. */
  record Change(DocumentIndex index, Set<String> removed, Set<String> added, boolean multikey) {
    void apply(String position) {
      for (String key : removed) index.map.remove(key + position);
      if (multikey && !index.isMultikey()) index.map.put(MULTIKEY, 0L);
      for (String key : added) index.map.put(key + position, (long) key.length());
    }
  }
  boolean isMultikey() { return !ofId && map.containsKey(MULTIKEY); }
  /** The place of the document an entry stands for. */
  String positionOf(String key, Object value) { return ofId ? key : key.substring(((Long) value).intValue()); }
  /** The change from one version of a document to the next; either may be null. */
  Change change(Document before, Document after, String position, MongoCollection<Object> collection) {
    boolean same = ofId || before != null && after != null
        && roots.stream().allMatch(root -> Objects.equals(before.getOrMissing(root), after.getOrMissing(root)));
    if (same) return new Change(this, Set.of(), Set.of(), false);
    List<Object> old = valuesOf(before), now = valuesOf(after);
    Set<String> removed = keysOf(old), added = keysOf(now);
    removed.removeIf(added::remove); // what stays
    if (unique && added.stream().anyMatch(key -> isTaken(key, position))) throw duplicate(after, collection);
    return new Change(this, removed, added, now.stream().anyMatch(Collection.class::isInstance));
  }
  /** The indexed values of a document; none when it has no entry. */
  private List<Object> valuesOf(Document document) {
    List<Object> values = new ArrayList<>(fields.size());
    if (document == null) return values;
    boolean plain = roots.equals(fields);
    for (String field : fields)
      values.add(plain ? document.getOrMissing(field) : Utils.getSubdocumentValueCollectionAware(document, field));
    return sparse && values.stream().allMatch(Missing.class::isInstance) ? List.of() : values;
  }
  private Set<String> keysOf(List<Object> values) {
    Set<String> keys = new HashSet<>(values.isEmpty() ? Set.of() : Set.of(""));
    for (int i = 0; i < values.size(); i++) {
      Collection<?> elements = values.get(i) instanceof Collection<?> several ? several : List.of();
      Set<String> longer = new HashSet<>();
      for (String key : keys) longer.add(key + KeyCodec.encode(values.get(i), ascending.get(i)));
      for (Object each : elements) for (String key : keys) longer.add(key + KeyCodec.encode(each, ascending.get(i)));
      keys = longer;
    }
    return keys;
  }
  /** Whether the key is another document's. */
  private boolean isTaken(String key, String position) {
    String entry = map.ceilingKey(key);
    return entry != null && entry.startsWith(key) && !entry.equals(key + position);
  }
  DuplicateKeyError duplicate(Document document, MongoCollection<Object> collection) {
    return new DuplicateKeyError(this, collection, getKeys(), new KeyValue(valuesOf(document)));
  }
  // the library only fills a new index, and asks the _id index where a document is
  @Override public boolean isEmpty() { return isNew; }
  @Override public void add(Document document, Object position, MongoCollection<Object> collection) {
    change(null, document, (String) position, collection).apply((String) position);
  }
  @Override public Object getPosition(Document document) { return ofId ? KeyCodec.encode(document.get("_id")) : null; }
  @Override public Object remove(Document document) { return getPosition(document); }
}
