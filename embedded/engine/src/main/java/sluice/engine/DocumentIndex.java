package sluice.engine;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.*;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.DuplicateKeyError;
import java.util.*;
import org.h2.mvstore.MVMap;

/**
 * One index: an ordered map from the encoded values of its fields, followed by the document's position, to the length of
 * the values' part. A mark under the empty key says that some document has an array there (multikey). The collection
 * changes it together with the document; what the library would do to it is left empty.
 */
class DocumentIndex extends Index<Object> {
  private static final String MULTIKEY = "";

  final MVMap<String, Long> map;
  final FieldPath[] fields;
  final boolean[] ascending;
  final boolean unique;
  final boolean sparse;

  DocumentIndex(MVMap<String, Long> map, String name, List<IndexKey> keys, boolean sparse, boolean unique) {
    super(name, keys, sparse);
    this.map = map;
    this.sparse = sparse;
    this.unique = unique;
    fields = keys.stream().map(key -> new FieldPath(key.getKey())).toArray(FieldPath[]::new);
    ascending = new boolean[fields.length];
    for (int i = 0; i < fields.length; i++) ascending[i] = keys.get(i).isAscending();
  }

  /** The keys of one document, and whether an array made them. */
  record Keys(Set<String> values, boolean multikey) {
    static final Keys NONE = new Keys(Set.of(), false);
  }

  /** What one document's change does to an index: worked out and checked first, so that it is then done whole. */
  record Change(DocumentIndex index, Set<String> removed, Keys added) {
    void apply(String position) {
      for (String key : removed) index.map.remove(key + position);
      if (added.multikey && !index.isMultikey()) index.map.put(MULTIKEY, 0L);
      for (String key : added.values) index.map.put(key + position, (long) key.length());
    }
  }

  MVMap<String, ?> map() { return map; }

  /** The place of the document an entry stands for. */
  String positionOf(String key, Object value) { return key.substring(((Long) value).intValue()); }
  boolean isMultikey() { return map.containsKey(MULTIKEY); }

  int positionOfField(String name) {
    for (int i = 0; i < fields.length; i++) if (fields[i].name.equals(name)) return i;
    return -1;
  }

  /** The change from one version of a document to the next (either may be null), or null when there is none. */
  Change change(Document before, Document after, String position, MongoCollection<Object> collection) {
    if (before != null && after != null && sameValues(before, after)) return null;
    Set<String> old = before == null ? Set.of() : keysOf(before).values;
    Keys now = after == null ? Keys.NONE : keysOf(after);
    Set<String> removed = new LinkedHashSet<>(old);
    removed.removeAll(now.values);
    Set<String> added = new LinkedHashSet<>(now.values);
    added.removeAll(old);
    if (removed.isEmpty() && added.isEmpty()) return null;
    if (unique) for (String key : added) refuseDuplicate(key, position, after, collection);
    return new Change(this, removed, new Keys(added, now.multikey));
  }

  private boolean sameValues(Document before, Document after) {
    for (FieldPath field : fields) if (!Objects.equals(field.of(before), field.of(after))) return false;
    return true;
  }

  private Keys keysOf(Document document) {
    Set<String> keys = Set.of("");
    boolean present = false, multikey = false;
    for (int i = 0; i < fields.length; i++) {
      Object value = fields[i].of(document);
      present |= !(value instanceof Missing);
      Collection<Object> values = new ArrayList<>();
      values.add(value);
      if (value instanceof Collection<?> elements) {
        values.addAll(elements);
        multikey = true;
      }
      Set<String> longer = new LinkedHashSet<>();
      for (String key : keys) for (Object each : values) longer.add(key + KeyCodec.encode(each, ascending[i]));
      keys = longer;
    }
    return sparse && !present ? Keys.NONE : new Keys(keys, multikey);
  }

  private void refuseDuplicate(String key, String position, Document document, MongoCollection<Object> collection) {
    Iterator<String> entries = map.keyIterator(key);
    while (entries.hasNext()) {
      String entry = entries.next();
      if (!entry.startsWith(key)) return;
      if (!entry.substring(key.length()).equals(position)) throw duplicate(document, collection);
    }
  }

  DuplicateKeyError duplicate(Document document, MongoCollection<Object> collection) {
    List<Object> values = Arrays.stream(fields).map(field -> field.of(document)).toList();
    return new DuplicateKeyError(this, collection, getKeys(), new KeyValue(values));
  }

  @Override public boolean isEmpty() { return false; } // built before it is handed over: nothing for the library to fill
  @Override public boolean isUnique() { return unique; }
  @Override public boolean hasSameOptions(Index<?> other) { return super.hasSameOptions(other) && unique == other.isUnique(); }
  @Override public long getCount() { return map().sizeAsLong() - (isMultikey() ? 1 : 0); }
  @Override public long getDataSize() { return getCount(); }
  @Override public Object getPosition(Document document) { return null; } // the _id index says it
  @Override public boolean canHandle(Document query) { return false; } // the planner asks, not the library
  @Override public Iterable<Object> getPositions(Document query) { throw new UnsupportedOperationException(); }
  @Override public void checkAdd(Document document, MongoCollection<Object> collection) { }
  @Override public void add(Document document, Object position, MongoCollection<Object> collection) { }
  @Override public void checkUpdate(Document before, Document after, MongoCollection<Object> collection) { }
  @Override public void updateInPlace(Document before, Document after, Object position, MongoCollection<Object> c) { }
  @Override public Object remove(Document document) { return null; }
  @Override public void drop() { }

  /** The _id index: it has no map of its own, for the documents themselves are stored in the order of _id. */
  static final class OfId extends DocumentIndex {
    static final String NAME = "_id_";
    private final MVMap<String, byte[]> documents;

    OfId(MVMap<String, byte[]> documents) {
      super(null, NAME, List.of(new IndexKey("_id", true)), false, true);
      this.documents = documents;
    }

    @Override MVMap<String, ?> map() { return documents; }
    @Override String positionOf(String key, Object value) { return key; }
    @Override boolean isMultikey() { return false; }
    @Override Change change(Document before, Document after, String position, MongoCollection<Object> collection) { return null; }
    @Override public Object getPosition(Document document) { return KeyCodec.encode(document.get("_id")); }
  }
}
