package sluice.engine;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.*;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import de.bwaldvogel.mongo.oplog.*;
import io.netty.channel.Channel;
import java.time.Instant;
import java.util.*;
import java.util.function.Supplier;
import org.h2.mvstore.*;
import org.h2.mvstore.type.*;

/** One database: its maps in the store, and the commands in which the library's own answer is not MongoDB's. */
final class StoredDatabase extends AbstractMongoDatabase<Object> {
  static final Set<String> WRITES = Set.of("insert", "update", "delete", "findandmodify", "createindexes");
  private static final Set<String> INDEX_OPTIONS =
      Set.of("v", "key", "name", "ns", "unique", "sparse", "background", "expireAfterSeconds");
  private static final Document COUNTING =
      new Document("$group", new Document("_id", 1).append("n", new Document("$sum", 1)));
  private final MVStore store;
  private boolean opening = true;

  StoredDatabase(String name, MVStore store, CursorRegistry cursors) {
    super(name, cursors);
    this.store = store; // before the library opens collections, which need it
    initializeNamespacesAndIndexes();
    opening = false;
  }
  private MVMap<String, byte[]> documents(String collection) {
    return store.openMap("d." + databaseName + "." + collection,
        new MVMap.Builder<String, byte[]>().keyType(StringDataType.INSTANCE).valueType(ByteArrayDataType.INSTANCE));
  }
  private MVMap<String, Long> entries(String collection, String index) {
    return store.openMap("i." + databaseName + "." + collection + "$" + index,
        new MVMap.Builder<String, Long>().keyType(StringDataType.INSTANCE).valueType(LongDataType.INSTANCE));
  }
  @Override protected MongoCollection<Object> openOrCreateCollection(String name, CollectionOptions options) {
    return new StoredCollection(this, name, options, cursorRegistry, documents(name));
  }
  @Override protected synchronized MongoCollection<Object> resolveOrCreateCollection(String name) {
    return super.resolveOrCreateCollection(name);
  }
  @Override protected Index<Object> openOrCreateUniqueIndex(String on, String as, List<IndexKey> by, boolean some) {
    return open(on, as, by, some, true);
  }
  @Override protected Index<Object> openOrCreateSecondaryIndex(String on, String as, List<IndexKey> by, boolean some) {
    return open(on, as, by, some, false);
  }
  private DocumentIndex open(String on, String name, List<IndexKey> keys, boolean sparse, boolean unique) {
    if (name.equals("_id_")) return ((StoredCollection) resolveCollection(on, true)).ofId;
    if (!opening) entries(on, name).clear(); // a failed attempt may have left some
    return new DocumentIndex(entries(on, name), name, keys, sparse, unique, !opening);
  }
  @Override protected void dropIndex(MongoCollection<Object> collection, String name) {
    super.dropIndex(collection, name);
    if (!name.equals("_id_")) store.removeMap(entries(collection.getCollectionName(), name));
  }
  @Override public void dropCollection(String name, Oplog oplog) {
    super.dropCollection(name, oplog);
    store.removeMap(documents(name));
  }
  @Override protected long getStorageSize() { return store.getFileStore().size(); }
  @Override protected long getFileSize() { return getStorageSize(); }
  /** What would be ignored is refused, and so is an index like another; the very same one is there already. */
  @Override protected synchronized void addIndex(Document index) {
    boolean[] odd = { !INDEX_OPTIONS.containsAll(index.keySet()) };
    ((Document) index.get("key")).forEach((field, way) ->
        odd[0] |= !(way instanceof Number) || field.matches(".*\\$.*|(.*\\.)?\\d+(\\..*)?"));
    if (odd[0]) throw refused(67, "CannotCreateIndex", "the index " + index);
    for (Document other : descriptions(new Document("ns", index.get("ns")))) {
      if (optionsOf(other).equals(optionsOf(index))) return;
      if (other.get("name").equals(index.get("name"))) throw refused(86, "IndexKeySpecsConflict", "a namesake");
      boolean sameKey = other.get("key").toString().equals(index.get("key").toString());
      if (sameKey) throw refused(85, "IndexOptionsConflict", "a second index on " + index.get("key"));
    }
    super.addIndex(index);
  }
  private static String optionsOf(Document index) {
    boolean unique = Utils.isTrue(index.get("unique")), sparse = Utils.isTrue(index.get("sparse"));
    return index.get("key") + " " + unique + sparse + index.get("expireAfterSeconds");
  }
  private List<Document> descriptions(Document filter) {
    return indexes.get() == null ? List.of() : indexes.get().handleQueryAsStream(filter).toList();
  }
  static MongoServerError refused(int code, String name, String what) {
    return new MongoServerError(code, name, what + " is not supported by the embedded engine");
  }
  @Override public Document handleCommand(Channel by, String command, Document query, DatabaseResolver all, Oplog log) {
    String name = command.toLowerCase(Locale.ROOT);
    boolean byPipeline = query.get("update") instanceof Collection || query.get("updates") instanceof List<?> updates
        && updates.stream().anyMatch(update -> ((Document) update).get("u") instanceof Collection);
    if (byPipeline) throw refused(115, "CommandNotSupported", "an update by a pipeline");
    if (name.equals("find")) query.putIfAbsent("batchSize", Utils.isTrue(query.get("singleBatch")) ? 0 : 101);
    Supplier<Document> library = () -> super.handleCommand(by, command, query, all, log);
    if (name.equals("aggregate")) return aggregate(query, library);
    if (!WRITES.contains(name)) return library.get();
    synchronized (resolveOrCreateCollection(query.get(command).toString())) { // writers come one at a time
      return library.get();
    }
  }
  /** Counting is a count; a leading $match is read by index; the rest is the library's. */
  private Document aggregate(Document query, Supplier<Document> library) {
    List<?> pipeline = (List<?>) query.get("pipeline");
    if (pipeline.isEmpty()) return library.get();
    Document filter = (Document) ((Document) pipeline.get(0)).get("$match");
    Document last = (Document) pipeline.get(pipeline.size() - 1);
    boolean writes = last.containsKey("$out") || last.containsKey("$merge");
    if (writes) throw refused(115, "CommandNotSupported", "an aggregation that writes");
    StoredCollection read = (StoredCollection) resolveCollection(query.get("aggregate").toString(), false);
    if (filter == null || read == null) return library.get();
    if (pipeline.size() != 2 || !pipeline.get(1).equals(COUNTING)) {
      read.leadingMatch.set(filter);
      try { return library.get(); } finally { read.leadingMatch.remove(); }
    }
    int n = read.count(filter, 0, 0);
    List<Document> batch = n == 0 ? List.of() : List.of(new Document("_id", 1).append("n", n));
    Document cursor = new Document("id", 0L).append("ns", read.getFullName()).append("firstBatch", batch);
    return new Document("cursor", cursor).append("ok", 1.0);
  }
  /** Deletes what a TTL index says is over, a thousand at most of each; true when there may be more. */
  boolean expire(long nowMs) {
    boolean more = false;
    for (Document index : descriptions(new Document("expireAfterSeconds", new Document("$exists", true)))) {
      Instant end = Instant.ofEpochMilli(nowMs).minusSeconds(((Number) index.get("expireAfterSeconds")).longValue());
      Document over = new Document(((Document) index.get("key")).keySet().iterator().next(), new Document("$lt", end));
      String owner = Utils.getCollectionNameFromFullName((String) index.get("ns"));
      more |= ((StoredCollection) resolveCollection(owner, true)).deleteSome(over, 1000);
    }
    return more;
  }
}
