package sluice.engine;

import de.bwaldvogel.mongo.*;
import de.bwaldvogel.mongo.backend.*;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.*;
import de.bwaldvogel.mongo.oplog.*;
import io.netty.channel.Channel;
import java.time.Instant;
import java.util.*;
import org.h2.mvstore.*;
import org.h2.mvstore.type.*;

/** One database: its maps in the store, and the commands in which the library's own answer is not MongoDB's. */
final class StoredDatabase extends AbstractMongoDatabase<Object> {
  private final MVStore store;
  private final Cost cost;
  private boolean opening = true;

  StoredDatabase(String name, MVStore store, CursorRegistry cursors, Cost cost) {
    super(name, cursors);
    this.store = store; // before the library opens collections, which need it
    this.cost = cost;
    initializeNamespacesAndIndexes();
    opening = false;
  }

  // ---- maps ----

  private MVMap<String, byte[]> documents(String collection) {
    return store.openMap("d." + databaseName + "." + collection,
        new MVMap.Builder<String, byte[]>().keyType(StringDataType.INSTANCE).valueType(ByteArrayDataType.INSTANCE));
  }

  private MVMap<String, Long> entries(String collection, String index) {
    return store.openMap("i." + databaseName + "." + collection + "$" + index,
        new MVMap.Builder<String, Long>().keyType(StringDataType.INSTANCE).valueType(LongDataType.INSTANCE));
  }

  @Override protected MongoCollection<Object> openOrCreateCollection(String name, CollectionOptions options) {
    return new StoredCollection(this, name, options, cursorRegistry, documents(name), cost);
  }

  @Override protected MongoCollection<Object> resolveOrCreateCollection(String name) {
    MongoCollection<Object> found = resolveCollection(name, false);
    if (found != null) return found;
    synchronized (this) {
      return super.resolveOrCreateCollection(name);
    }
  }

  @Override protected Index<Object> openOrCreateUniqueIndex(String collection, String name, List<IndexKey> keys, boolean sparse) {
    StoredCollection owner = (StoredCollection) resolveCollection(collection, true);
    return name.equals(DocumentIndex.OfId.NAME) ? owner.indexOfId() : open(owner, name, keys, sparse, true);
  }

  @Override protected Index<Object> openOrCreateSecondaryIndex(String collection, String name, List<IndexKey> keys, boolean sparse) {
    return open((StoredCollection) resolveCollection(collection, true), name, keys, sparse, false);
  }

  private DocumentIndex open(StoredCollection owner, String name, List<IndexKey> keys, boolean sparse, boolean unique) {
    DocumentIndex index = new DocumentIndex(entries(owner.getCollectionName(), name), name, keys, sparse, unique);
    if (!opening) owner.build(index);
    return index;
  }

  @Override protected void dropIndex(MongoCollection<Object> collection, String name) {
    super.dropIndex(collection, name);
    if (!name.equals(DocumentIndex.OfId.NAME)) store.removeMap(entries(collection.getCollectionName(), name));
  }

  @Override public void dropCollection(String name, Oplog oplog) {
    super.dropCollection(name, oplog);
    store.removeMap(documents(name));
  }

  @Override public void moveCollection(MongoDatabase from, MongoCollection<?> collection, String name) {
    throw unsupported("renameCollection");
  }

  @Override protected long getStorageSize() { return store.getFileStore().size(); }
  @Override protected long getFileSize() { return getStorageSize(); }
  @Override protected void clearLastStatus(Channel channel) { } // getLastError is for drivers of long ago
  @Override protected void putLastResult(Channel channel, Document result) { }

  // ---- commands ----

  @Override public Document handleCommand(Channel channel, String command, Document query, DatabaseResolver resolver, Oplog oplog) {
    switch (command.toLowerCase(Locale.ROOT)) {
      case "find":
        if (!query.containsKey("batchSize")) query.put("batchSize", Utils.isTrue(query.get("singleBatch")) ? 0 : 101);
        break;
      case "insert":
        return Batches.countInserted(query, super.handleCommand(channel, command, query, resolver, oplog));
      case "update":
        return Batches.oneByOne(query, "updates", single -> super.handleCommand(channel, command, single, resolver, oplog));
      case "delete":
        return Batches.oneByOne(query, "deletes", single -> super.handleCommand(channel, command, single, resolver, oplog));
      case "findandmodify":
        if (query.get("update") instanceof Collection) throw unsupported("an update by a pipeline");
        break;
      case "createindexes":
        createIndexes(query);
        return ok();
      case "dropindexes":
        dropIndexes((StoredCollection) resolveCollection((String) query.get(command), true), query.get("index"));
        return ok();
      case "aggregate":
        return aggregate(query, () -> super.handleCommand(channel, command, query, resolver, oplog));
      case "explain":
        throw unsupported(command);
      default:
    }
    return super.handleCommand(channel, command, query, resolver, oplog);
  }

  private synchronized void createIndexes(Document query) {
    String namespace = getFullCollectionNamespace((String) query.get("createIndexes"));
    for (Object each : (Collection<?>) query.get("indexes")) {
      Document index = (Document) each;
      if (IndexSpec.isNew(index, descriptions(namespace))) addIndex(index.append("ns", namespace));
    }
  }

  private List<Document> descriptions(String namespace) {
    return indexes.get() == null ? List.of() : indexes.get().handleQueryAsStream(new Document("ns", namespace)).toList();
  }

  /** The library's own also drops the descriptions of other collections' indexes of that name. */
  private void dropIndexes(StoredCollection collection, Object which) {
    List<Document> hit = descriptions(collection.getFullName()).stream()
        .filter(index -> !DocumentIndex.OfId.NAME.equals(index.get("name")))
        .filter(index -> "*".equals(which) || index.get("name").equals(which) || index.get("key").equals(which)
            || which instanceof Collection<?> names && names.contains(index.get("name"))).toList();
    if (hit.isEmpty() && !"*".equals(which)) throw new IndexNotFoundException("index not found with name [" + which + "]");
    for (Document index : hit) {
      dropIndex(collection, (String) index.get("name"));
      indexes.get().deleteDocuments(new Document("ns", collection.getFullName()).append("name", index.get("name")), 0);
    }
  }

  private interface Library { Document run(); }

  /** Counting is a count; the stages a query can do are done by index, the rest by the library. */
  private Document aggregate(Document query, Library library) {
    List<?> pipeline = (List<?>) query.get("pipeline");
    if (pipeline.stream().anyMatch(stage -> stage instanceof Document one && (one.containsKey("$out") || one.containsKey("$merge")))) {
      throw unsupported("an aggregation that writes");
    }
    if (!(resolveCollection(String.valueOf(query.get("aggregate")), false) instanceof StoredCollection collection)) return library.run();
    Document counting = new Document("$group", new Document("_id", 1).append("n", new Document("$sum", 1)));
    if (pipeline.size() == 2 && pipeline.get(1).equals(counting) && ((Document) pipeline.get(0)).get("$match") instanceof Document filter) {
      int n = collection.count(filter, 0, 0);
      List<Document> batch = n == 0 ? List.of() : List.of(new Document("_id", 1).append("n", n));
      return new Document("cursor", new Document("id", 0L).append("ns", collection.getFullName()).append("firstBatch", batch)).append("ok", 1.0);
    }
    collection.leadWith(lead(pipeline));
    try {
      return library.run();
    } finally {
      collection.leadWith(null);
    }
  }

  private static StoredCollection.Lead lead(List<?> pipeline) {
    Document filter = new Document(), sort = null;
    int limit = 0;
    for (Object each : pipeline) {
      Document stage = (Document) each;
      if (sort == null && stage.get("$match") instanceof Document more) {
        filter = filter.isEmpty() ? more : new Document("$and", List.of(filter, more));
      } else if (sort == null && stage.get("$sort") instanceof Document by) sort = by;
      else {
        if (stage.get("$limit") instanceof Number number) limit = (int) Math.min(number.longValue(), Integer.MAX_VALUE);
        break;
      }
    }
    return new StoredCollection.Lead(filter, limit == 0 ? null : sort, limit); // without a limit the pipeline sorts
  }

  /** Deletes what a TTL index says is over, a thousand at most of each; true when there may be more. */
  boolean expire(Instant now) {
    boolean more = false;
    for (Document index : indexes.get() == null ? List.<Document>of() : indexes.get().queryAllAsStream().toList()) {
      Document key = (Document) index.get("key");
      if (!(index.get("expireAfterSeconds") instanceof Number seconds) || key.size() != 1) continue;
      String collection = Utils.getCollectionNameFromFullName((String) index.get("ns"));
      Document over = new Document(key.keySet().iterator().next(), new Document("$lt", now.minusSeconds(seconds.longValue())));
      MongoCollection<Object> owner = resolveCollection(collection, true);
      if (owner.count(over, 0, 0) > 0) more |= owner.deleteDocuments(over, 1000, NoopOplog.get()) == 1000;
    }
    return more;
  }

  private static Document ok() { return new Document("ok", 1.0); }

  static MongoServerError unsupported(String what) {
    return new MongoServerError(115, "CommandNotSupported", what + " is not supported by the embedded engine");
  }
}
