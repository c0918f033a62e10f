package sluice.engine;

import de.bwaldvogel.mongo.*;
import de.bwaldvogel.mongo.backend.*;
import de.bwaldvogel.mongo.bson.*;
import de.bwaldvogel.mongo.exception.*;
import de.bwaldvogel.mongo.oplog.Oplog;
import java.util.*;
import java.util.stream.*;
import org.h2.mvstore.MVMap;
import sluice.engine.Planner.Plan;

/**
 * One collection: documents as BSON under their encoded _id, and the indexes beside them. Writers come one at a time; a
 * document and its index entries change together under a latch that is held for nothing else, so readers hardly wait.
 */
final class StoredCollection extends AbstractMongoCollection<Object> {
  final MVMap<String, byte[]> documents;
  private final Object latch = new Object();
  private final Candidates.Source source;
  private final DocumentIndex ofId;
  private volatile List<DocumentIndex> indexes;
  private Thread updatingOne; // the writer that needs no match beyond the first
  private Object addedId;
  private final ThreadLocal<Lead> lead = new ThreadLocal<>();

  /** The stages an aggregation begins with, as far as a query can do them. */
  record Lead(Document filter, Document sort, int limit) { }

  StoredCollection(MongoDatabase database, String name, CollectionOptions options, CursorRegistry cursors,
      MVMap<String, byte[]> documents, Cost cost) {
    super(database, name, options, cursors);
    this.documents = documents;
    source = new Candidates.Source(documents, latch, name.startsWith("system.") ? new Cost() : cost);
    ofId = new DocumentIndex.OfId(documents);
    indexes = "_id".equals(options.getIdField()) ? List.of(ofId) : List.of();
  }

  DocumentIndex indexOfId() { return ofId; }
  List<DocumentIndex> indexes() { return indexes; }

  // ---- writing ----

  @Override public synchronized void addDocument(Document document) {
    String field = getIdField();
    if ("_id".equals(field)) {
      if (document.get(field) instanceof Collection) throw new InvalidIdFieldError("The '_id' value cannot be of type array");
      document.putIfAbsent(field, new ObjectId());
    }
    String position = field == null ? UUID.randomUUID().toString() : KeyCodec.encode(document.get(field));
    if (documents.containsKey(position)) throw ofId.duplicate(document, this);
    apply(position, Bson.encode(document), changes(null, document, position));
    addedId = field == null ? null : document.get(field);
  }

  @Override protected void handleUpdate(Object position, Document before, Document after) {
    apply((String) position, Bson.encode(after), changes(before, after, (String) position));
  }

  @Override public synchronized void removeDocument(Document document) {
    removeDocument(findDocumentPosition(document));
  }

  @Override protected void removeDocument(Object position) {
    byte[] stored = position == null ? null : documents.get(position);
    if (stored != null) apply((String) position, null, changes(Bson.decode(stored), null, (String) position));
  }

  private List<DocumentIndex.Change> changes(Document before, Document after, String position) {
    List<DocumentIndex.Change> changes = new ArrayList<>();
    for (DocumentIndex index : indexes) {
      DocumentIndex.Change change = index.change(before, after, position, this);
      if (change != null) changes.add(change);
    }
    return changes;
  }

  /** Everything was checked before: should this fail half way, the process ends before a commit can keep the half. */
  private void apply(String position, byte[] document, List<DocumentIndex.Change> changes) {
    try {
      synchronized (latch) {
        for (DocumentIndex.Change change : changes) change.apply(position);
        if (document == null) documents.remove(position);
        else documents.put(position, document);
      }
    } catch (Throwable broken) {
      GroupCommit.die("a change was left half done", broken);
    }
  }

  @Override public synchronized Document updateDocuments(Document selector, Document update, ArrayFilters filters,
      boolean multi, boolean upsert, Oplog oplog) {
    PlainUpdate plain = filters.isEmpty() ? PlainUpdate.of(update, multi) : null;
    List<Document> hit = plain == null ? List.of() : find(selector, null, 0, multi ? 0 : 1).toList();
    List<Document> after = hit.stream().map(before -> plain.apply(before)).toList();
    if (!hit.isEmpty() && !after.contains(null)) return replaceAll(hit, after);
    updatingOne = multi ? null : Thread.currentThread();
    try {
      return super.updateDocuments(selector, update, filters, multi, upsert, oplog);
    } finally {
      updatingOne = null;
    }
  }

  private Document replaceAll(List<Document> before, List<Document> after) {
    int modified = 0;
    for (int i = 0; i < before.size(); i++) {
      if (after.get(i) == before.get(i)) continue;
      handleUpdate(KeyCodec.encode(before.get(i).get("_id")), before.get(i), after.get(i));
      modified++;
    }
    return new Document("n", before.size()).append("nModified", modified);
  }

  @Override public synchronized Document findAndModify(Document query) {
    PlainUpdate plain = query.containsKey("arrayFilters") ? null : PlainUpdate.of(query.get("update"), false);
    if (plain != null) {
      Document filter = (Document) query.getOrDefault("query", new Document());
      Document before = find(filter, (Document) query.get("sort"), 0, 1).findFirst().orElse(null);
      Document after = before == null ? null : plain.apply(before);
      if (after != null) {
        replaceAll(List.of(before), List.of(after));
        return found(Utils.isTrue(query.get("new")) ? after : before, (Document) query.get("fields"),
            new Document("n", 1).append("updatedExisting", true));
      }
      if (before == null && !Utils.isTrue(query.get("upsert"))) return found(null, null, new Document("n", 0).append("updatedExisting", false));
    }
    addedId = null;
    Document result = super.findAndModify(query);
    if (!result.containsKey("lastErrorObject")) {
      Document outcome = new Document("n", addedId == null && result.get("value") == null ? 0 : 1);
      if (!query.containsKey("remove")) outcome.append("updatedExisting", false).putIfNotNull("upserted", addedId);
      result.put("lastErrorObject", outcome);
    }
    return result;
  }

  private Document found(Document document, Document fields, Document outcome) {
    Object value = document == null ? null : project(List.of(document), fields).get(0);
    return new Document("lastErrorObject", outcome).append("value", value).append("ok", 1.0);
  }

  /** The whole batch in one turn: its documents stand beside each other in the commit. */
  @Override public synchronized List<Document> insertDocuments(List<Document> added, boolean ordered) {
    return super.insertDocuments(added, ordered);
  }

  @Override public synchronized int deleteDocuments(Document selector, int limit, Oplog oplog) {
    return super.deleteDocuments(selector, limit, oplog);
  }

  // ---- indexes ----

  /** Fills a new index, or leaves nothing of it. */
  synchronized void build(DocumentIndex index) {
    index.map.clear();
    try {
      documents.forEach((position, stored) -> {
        DocumentIndex.Change change = index.change(null, Bson.decode(stored), position, this);
        if (change != null) change.apply(position);
      });
    } catch (MongoServerError refused) {
      index.map.clear();
      throw new IndexBuildFailedException(refused, this);
    }
  }

  @Override public synchronized void addIndex(Index<Object> index) {
    super.addIndex(index);
    indexes = getIndexes().stream().map(DocumentIndex.class::cast).toList();
  }

  @Override public synchronized void dropIndex(String name) {
    super.dropIndex(name);
    indexes = getIndexes().stream().map(DocumentIndex.class::cast).toList();
  }

  // ---- reading ----

  Stream<Document> find(Document query, Document sort, int skip, int limit) {
    boolean ordered = Planner.isOrdered(sort);
    int wanted = limit > 0 ? (int) Math.min(Integer.MAX_VALUE, (long) skip + limit) : 0;
    Plan plan = Planner.plan(indexes, query, sort, wanted);
    boolean sorting = ordered && (plan == null || !plan.sorted());
    boolean filtering = plan == null ? !query.isEmpty() : !plan.exact();
    if (plan == null && (filtering || sorting || wanted == 0)) source.cost().fullScans.increment();
    Candidates candidates = new Candidates(source, plan, isNaturalDescending(sort), sorting || filtering ? 0 : wanted);
    Stream<Document> found = StreamSupport.stream(Spliterators.spliteratorUnknownSize(candidates, 0), false).map(Bson::decode);
    if (filtering) found = found.filter(document -> documentMatchesQuery(document, query));
    if (sorting) found = new SortOrder(sort).sort(found, wanted);
    if (skip > 0) found = found.skip(skip);
    return limit > 0 ? found.limit(limit) : found;
  }

  @Override protected QueryResult queryDocuments(Document query, Document sort, int skip, int limit, int batch, Document fields) {
    int most = updatingOne == Thread.currentThread() ? 1 : limit;
    Iterator<Document> found = find(query == null ? new Document() : query, sort, skip, most).iterator();
    List<Document> first = OpenCursors.take(found, batch == 0 ? Integer.MAX_VALUE : batch);
    if (!found.hasNext()) return new QueryResult(project(first, fields));
    long id = cursorRegistry.generateCursorId();
    cursorRegistry.add(new OpenCursors.Reader(id, found, taken -> project(taken, fields)));
    return new QueryResult(project(first, fields), id);
  }

  private List<Document> project(List<Document> found, Document fields) {
    if (fields == null || fields.isEmpty()) return found;
    return matchDocumentsFromStream(new Document(), found.stream(), 0, 0, 0, null, fields).collectDocuments();
  }

  @Override public int count(Document query, int skip, int limit) {
    if (query == null || query.isEmpty()) return super.count(query, skip, limit);
    int wanted = limit > 0 ? skip + limit : 0;
    Plan plan = Planner.plan(indexes, query, null, wanted);
    long matches = plan != null && plan.exact() ? plan.size() : find(query, null, 0, wanted).count();
    long counted = Math.max(0, matches - skip);
    return (int) (limit > 0 ? Math.min(counted, limit) : counted);
  }

  /** What an aggregation reads: its leading stages are done here too, by index. */
  @Override public Stream<Document> queryAllAsStream() {
    Lead first = lead.get();
    lead.remove();
    return first == null ? find(new Document(), null, 0, 0) : find(first.filter, first.sort, 0, first.limit);
  }

  void leadWith(Lead stages) {
    if (stages == null) lead.remove();
    else lead.set(stages);
  }

  @Override protected Stream<DocumentWithPosition<Object>> streamAllDocumentsWithPosition() {
    return documents.entrySet().stream().map(entry -> new DocumentWithPosition<>(Bson.decode(entry.getValue()), entry.getKey()));
  }

  @Override protected Object findDocumentPosition(Document document) {
    return getIdField() == null ? super.findDocumentPosition(document) : KeyCodec.encode(document.get(getIdField()));
  }

  @Override protected QueryResult matchDocuments(Document query, Document sort, int skip, int limit, int batch, Document fields) {
    throw new UnsupportedOperationException(); // queryDocuments does it
  }

  @Override protected Object addDocumentInternal(Document document) {
    throw new UnsupportedOperationException(); // addDocument does it
  }

  @Override protected Document getDocument(Object position) { return Bson.decode(documents.get(position)); }
  @Override protected boolean tracksDataSize() { return false; }
  @Override protected void updateDataSize(int difference) { }
  @Override public int count() { return documents.size(); }
  @Override public boolean isEmpty() { return documents.isEmpty(); }

  /** An estimate, from the first hundred documents. */
  @Override protected int getDataSize() {
    double average = documents.values().stream().limit(100).mapToInt(stored -> stored.length).average().orElse(0);
    return (int) Math.min(Integer.MAX_VALUE, average * documents.sizeAsLong());
  }
}
