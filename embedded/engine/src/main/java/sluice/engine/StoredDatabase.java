package sluice.engine;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.AbstractMongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.DatabaseResolver;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.IndexNotFoundException;
import de.bwaldvogel.mongo.exception.MongoServerError;
import de.bwaldvogel.mongo.exception.MongoServerException;
import de.bwaldvogel.mongo.oplog.NoopOplog;
import de.bwaldvogel.mongo.oplog.Oplog;
import io.netty.channel.Channel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;

/** One database: its maps in the store, and the commands in which the library's own answer is not MongoDB's. */
final class StoredDatabase extends AbstractMongoDatabase<Object> {
  private static final Set<String> INDEX_OPTIONS =
      Set.of("v", "key", "name", "ns", "unique", "sparse", "background", "expireAfterSeconds");
  private static final List<String> SAME_INDEX = List.of("key", "unique", "sparse", "expireAfterSeconds");

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
        return countInserted(query, super.handleCommand(channel, command, query, resolver, oplog));
      case "update":
        return oneByOne(query, "updates", single -> super.handleCommand(channel, command, single, resolver, oplog));
      case "delete":
        return oneByOne(query, "deletes", single -> super.handleCommand(channel, command, single, resolver, oplog));
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

  private interface Single { Document run(Document command); }

  /** The library counts what was refused too. */
  private static Document countInserted(Document query, Document result) {
    if (result.get("writeErrors") instanceof List<?> errors && !errors.isEmpty()) {
      int all = ((List<?>) query.get("documents")).size();
      boolean ordered = !Boolean.FALSE.equals(query.get("ordered"));
      result.put("n", ordered ? ((Document) errors.get(0)).get("index") : all - errors.size());
    }
    return result;
  }

  /** Each statement by itself, so that an error names its place, ends an ordered batch and spares an unordered one. */
  private static Document oneByOne(Document query, String statements, Single library) {
    List<?> all = (List<?>) query.get(statements);
    int n = 0, modified = 0;
    List<Document> upserted = new ArrayList<>(), errors = new ArrayList<>();
    for (int i = 0; i < all.size() && (errors.isEmpty() || Boolean.FALSE.equals(query.get("ordered"))); i++) {
      Document single = query.clone();
      single.put(statements, List.of(all.get(i)));
      Document result;
      try {
        if (((Document) all.get(i)).get("u") instanceof Collection) throw unsupported("an update by a pipeline");
        result = library.run(single);
      } catch (MongoServerException refused) {
        result = new Document("writeErrors", List.of(EngineBackend.describe(refused)));
      }
      n += ((Number) result.getOrDefault("n", 0)).intValue();
      modified += ((Number) result.getOrDefault("nModified", 0)).intValue();
      for (Object each : (Collection<?>) result.getOrDefault("upserted", List.of())) upserted.add(((Document) each).append("index", i));
      for (Object each : (Collection<?>) result.getOrDefault("writeErrors", List.of())) errors.add(((Document) each).append("index", i));
    }
    Document result = new Document("n", n);
    if (statements.equals("updates")) result.append("nModified", modified);
    if (!upserted.isEmpty()) result.append("upserted", upserted);
    if (!errors.isEmpty()) result.append("writeErrors", errors);
    return result.append("ok", 1.0);
  }

  private synchronized void createIndexes(Document query) {
    String collection = (String) query.get("createIndexes");
    for (Object each : (Collection<?>) query.get("indexes")) {
      Document index = (Document) each;
      refuseUnsupported(index);
      boolean known = false;
      for (Document old : descriptions(getFullCollectionNamespace(collection))) {
        boolean same = SAME_INDEX.stream().allMatch(option -> Objects.equals(normal(old.get(option)), normal(index.get(option))));
        boolean sameName = old.get("name").equals(index.get("name"));
        known |= same;
        if (!same && (sameName || normal(old.get("key")).equals(normal(index.get("key"))))) {
          throw new MongoServerError(sameName ? 86 : 85, sameName ? "IndexKeySpecsConflict" : "IndexOptionsConflict",
              "An equivalent index already exists with other options: " + old);
        }
      }
      if (!known) addIndex(index.append("ns", getFullCollectionNamespace(collection)));
    }
  }

  private static void refuseUnsupported(Document index) {
    index.keySet().stream().filter(option -> !INDEX_OPTIONS.contains(option)).findFirst().ifPresent(option -> {
      throw new MongoServerError(67, "CannotCreateIndex", "index option " + option + " is not supported");
    });
    ((Document) index.get("key")).forEach((field, way) -> {
      if (!(way instanceof Number) || field.contains("$") || field.matches("(.*\\.)?\\d+(\\..*)?")) {
        throw new MongoServerError(67, "CannotCreateIndex", "index key " + field + ": " + way + " is not supported");
      }
    });
  }

  /** An option as it is compared: numbers by value, false like absent, keys in their order. */
  private static Object normal(Object option) {
    if (option instanceof Document keys) {
      List<Object> all = new ArrayList<>();
      keys.forEach((field, way) -> all.add(field + " " + normal(way)));
      return all;
    }
    return option instanceof Number number ? (Object) number.doubleValue() : Utils.isTrue(option) ? true : null;
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
    if (!(resolveCollection((String) query.get("aggregate"), false) instanceof StoredCollection collection)) return library.run();
    List<?> pipeline = (List<?>) query.get("pipeline");
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

  /** Deletes what a TTL index says is over, a thousand at a time. */
  boolean expire(Instant now) {
    boolean deleted = false;
    for (Document index : indexes.get() == null ? List.<Document>of() : indexes.get().queryAllAsStream().toList()) {
      Document key = (Document) index.get("key");
      if (!(index.get("expireAfterSeconds") instanceof Number seconds) || key.size() != 1) continue;
      String collection = Utils.getCollectionNameFromFullName((String) index.get("ns"));
      Document over = new Document(key.keySet().iterator().next(), new Document("$lt", now.minusSeconds(seconds.longValue())));
      deleted |= resolveCollection(collection, true).deleteDocuments(over, 1000, NoopOplog.get()) == 1000;
    }
    return deleted;
  }

  private static Document ok() { return new Document("ok", 1.0); }

  private static MongoServerError unsupported(String what) {
    return new MongoServerError(115, "CommandNotSupported", what + " is not supported by the embedded engine");
  }
}
