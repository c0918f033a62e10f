package sluice.engine;

import de.bwaldvogel.mongo.*;
import de.bwaldvogel.mongo.backend.*;
import de.bwaldvogel.mongo.bson.*;
import de.bwaldvogel.mongo.exception.*;
import de.bwaldvogel.mongo.oplog.*;
import de.bwaldvogel.mongo.wire.bson.*;
import io.netty.buffer.*;
import java.util.*;
import java.util.function.UnaryOperator;
import java.util.stream.*;
import org.h2.mvstore.MVMap;
import sluice.engine.Planner.Plan;

/**
 * One collection: documents as BSON under their encoded _id, and the indexes beside them. Writers come one at a time; a
 * document and its index entries change together under a latch held for nothing else, so that readers hardly wait.
 */
final class StoredCollection extends AbstractMongoCollection<Object> {
  final MVMap<String, byte[]> documents;
  final Object latch = new Object();
  private final boolean isOwn;
  final DocumentIndex ofId;
  private volatile List<DocumentIndex> indexes = List.of();
  private volatile Thread updatingOne; // the writer that needs no match beyond the first
  final ThreadLocal<Document> leadingMatch = new ThreadLocal<>(); // of the aggregation that this thread runs
  StoredCollection(MongoDatabase database, String name, CollectionOptions options, CursorRegistry cursors,
      MVMap<String, byte[]> documents) {
    super(database, name, options, cursors);
    this.documents = documents;
    ofId = new DocumentIndex(documents, "_id_", List.of(new IndexKey("_id", true)), false, true, false);
    isOwn = name.startsWith("system.");
  }

  @Override public void addDocument(Document document) {
    if ("_id".equals(getIdField())) document.putIfAbsent("_id", new ObjectId());
    Object id = getIdField() == null ? UUID.randomUUID() : document.get(getIdField());
    if (id instanceof Collection) throw new InvalidIdFieldError("The '_id' value cannot be of type array");
    String position = KeyCodec.encode(id);
    if (documents.containsKey(position)) throw ofId.duplicate(document, this);
    handleUpdate(position, null, document);
  }
  @Override protected void removeDocument(Object position) {
    if (documents.containsKey(position)) handleUpdate(position, getDocument(position), null);
  }
  /** Where what is read is counted. */
  Candidates.Cost cost() { return isOwn ? new Candidates.Cost() : Candidates.Cost.OF_THREAD.get(); }
  /** True when there may be more; by rank it costs nothing to see that there are none. */
  synchronized boolean deleteSome(Document filter, int most) {
    return count(filter, 0, 0) > 0 && deleteDocuments(filter, most, NoopOplog.get()) == most;
  }
  /** Everything is checked first: should it then fail half way, the process ends before a commit can keep the half. */
  @Override protected void handleUpdate(Object at, Document before, Document after) {
    String position = (String) at;
    byte[] stored = after == null ? null : encode(after);
    List<DocumentIndex.Change> changes = new ArrayList<>();
    for (DocumentIndex index : indexes) changes.add(index.change(before, after, position, this));
    try {
      synchronized (latch) {
        for (DocumentIndex.Change change : changes) change.apply(position);
        if (stored == null) documents.remove(position);
        else documents.put(position, stored);
      }
    } catch (Throwable broken) {
      GroupCommit.die("a change was left half done", broken);
    }
  }
  private static byte[] encode(Document document) {
    ByteBuf buffer = Unpooled.buffer(1024);
    BsonEncoder.encodeDocument(document, buffer);
    if (buffer.writerIndex() > 16 << 20) throw new MongoServerError(10334, "BSONObjectTooLarge", "it is too large");
    return Arrays.copyOf(buffer.array(), buffer.writerIndex());
  }
  private static Document decode(byte[] stored) { return BsonDecoder.decodeBson(Unpooled.wrappedBuffer(stored)); }
  @Override public Document updateDocuments(Document query, Document update, ArrayFilters filters, boolean multi,
      boolean upsert, Oplog log) {
    updatingOne = multi ? null : Thread.currentThread();
    try { return super.updateDocuments(query, update, filters, multi, upsert, log); } finally { updatingOne = null; }
  }
  @Override public void addIndex(Index<Object> index) {
    super.addIndex(index);
    indexes = getIndexes().stream().map(DocumentIndex.class::cast).toList(); // readers need a list that does not change
  }

  private Stream<Document> find(Document query, Document sort, int skip, int limit) {
    int wanted = limit > 0 ? (int) Math.min(Integer.MAX_VALUE, (long) skip + limit) : 0;
    Plan best = Planner.plan(indexes, query, sort, wanted);
    Plan plan = best != null ? best : Planner.everything(ofId, query);
    boolean sorting = Planner.isOrdered(sort) && !plan.sorted(), filtering = !plan.exact();
    if (best == null && (filtering || sorting || wanted == 0)) cost().fullScans().increment();
    Candidates candidates = new Candidates(this, plan, sorting || filtering ? 0 : wanted);
    Iterable<byte[]> stored = () -> candidates;
    Stream<Document> found = StreamSupport.stream(stored.spliterator(), false).map(StoredCollection::decode);
    if (filtering) found = found.filter(document -> documentMatchesQuery(document, query));
    if (sorting) found = sort(found, sort, wanted);
    return found.skip(skip).limit(limit > 0 ? limit : Long.MAX_VALUE);
  }
  /** In memory, stable, by encoded keys: the library's comparator is no order where empty arrays meet. */
  private static Stream<Document> sort(Stream<Document> documents, Document sort, int most) {
    record Ranked(String key, long at, Document document) { }
    Comparator<Ranked> order = Comparator.comparing(Ranked::key).thenComparing(Ranked::at);
    PriorityQueue<Ranked> kept = new PriorityQueue<>(order.reversed());
    long[] count = { 0 };
    documents.forEach(document -> {
      kept.add(new Ranked(KeyCodec.encode(document, sort), count[0]++, document));
      if (most > 0 && kept.size() > most) kept.poll();
    });
    return kept.stream().sorted(order).map(Ranked::document);
  }
  @Override
  protected QueryResult queryDocuments(Document query, Document sort, int skip, int limit, int batch, Document fields) {
    int most = updatingOne == Thread.currentThread() ? 1 : limit;
    Iterator<Document> found = find(query == null ? new Document() : query, sort, skip, most).iterator();
    Rest rest = new Rest(cursorRegistry.generateCursorId(), found, taken -> fields == null ? taken
        : matchDocumentsFromStream(new Document(), taken.stream(), 0, 0, 0, null, fields).collectDocuments());
    List<Document> first = rest.takeDocuments(batch == 0 ? Integer.MAX_VALUE : batch);
    if (!rest.isEmpty()) cursorRegistry.add(rest);
    return rest.isEmpty() ? new QueryResult(first) : new QueryResult(first, rest);
  }
  /** What is left of a query's answer, read as it is asked for. */
  private record Rest(long getId, Iterator<Document> found, UnaryOperator<List<Document>> project) implements Cursor {
    @Override public synchronized boolean isEmpty() { return !found.hasNext(); }
    @Override public synchronized List<Document> takeDocuments(int most) {
      List<Document> taken = new ArrayList<>();
      while (taken.size() < (most > 0 ? most : 1000) && found.hasNext()) taken.add(found.next());
      return project.apply(taken);
    }
  }
  @Override public int count(Document query, int skip, int limit) {
    if (query == null || query.isEmpty() || skip > 0 || limit > 0) return super.count(query, skip, limit);
    Plan plan = Planner.plan(indexes, query, null, 0);
    return (int) (plan != null && plan.exact() ? plan.size() : find(query, null, 0, 0).count());
  }
  @Override public Stream<Document> queryAllAsStream() {
    Document filter = leadingMatch.get();
    leadingMatch.remove();
    return find(filter == null ? new Document() : filter, null, 0, 0);
  }
  @Override protected Stream<DocumentWithPosition<Object>> streamAllDocumentsWithPosition() {
    return documents.keySet().stream().map(position -> new DocumentWithPosition<>(getDocument(position), position));
  }
  @Override protected Document getDocument(Object position) { return decode(documents.get(position)); }
  @Override protected boolean tracksDataSize() { return false; }
  @Override protected void updateDataSize(int difference) { }
  @Override protected int getDataSize() { return 0; }
  @Override public int count() { return documents.size(); }
  @Override public boolean isEmpty() { return documents.isEmpty(); }
  @Override protected Object addDocumentInternal(Document document) { throw new UnsupportedOperationException(); }
  @Override protected QueryResult matchDocuments(Document q, Document sort, int skip, int n, int batch, Document f) {
    throw new UnsupportedOperationException(); // queryDocuments does it
  }
}
