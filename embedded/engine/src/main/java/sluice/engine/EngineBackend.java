package sluice.engine;

import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.AbstractMongoBackend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.*;
import io.netty.channel.Channel;
import java.time.Instant;
import java.util.*;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.*;
import java.util.function.*;
import org.h2.mvstore.MVStore;

/** Runs commands and answers them: a read at once, a write when it is kept. */
final class EngineBackend extends AbstractMongoBackend {
  private static final Set<String> WRITES = Set.of("insert", "update", "delete", "findandmodify", "create", "createindexes",
      "drop", "dropindexes", "dropdatabase");
  private static final Set<String> DROPS = Set.of("drop", "dropindexes", "dropdatabase");
  private static final long COMPACT_ABOVE = 32 << 20;

  private final MVStore store;
  private final GroupCommit commits;
  private final Cost cost = new Cost();
  private final OpenCursors cursors = new OpenCursors(getCursorRegistry());
  private final Map<String, StoredDatabase> databases = new ConcurrentHashMap<>();
  private final ReadWriteLock maps = new ReentrantReadWriteLock(); // a drop takes it alone: nobody uses a map that goes away

  EngineBackend(MVStore store, GroupCommit commits) {
    this.store = store;
    this.commits = commits;
    for (String map : store.getMapNames()) {
      if (map.startsWith("d.") && map.endsWith(".system.namespaces")) resolveDatabase(map.substring(2, map.indexOf('.', 2)));
    }
  }

  @Override protected MongoDatabase openOrCreateDatabase(String name) {
    return databases.computeIfAbsent(name, absent -> new StoredDatabase(name, store, getCursorRegistry(), cost));
  }

  @Override public void dropDatabase(String name) {
    resolveDatabase(name);
    super.dropDatabase(name);
    databases.remove(name);
  }

  /** Runs one command and hands its answer over, an error's answer too; also that one waits for what it has seen. */
  void handle(Channel channel, String database, Document query, Consumer<Document> reply) {
    String command = query.keySet().iterator().next();
    boolean writes = WRITES.contains(command.toLowerCase(Locale.ROOT));
    Document answer = writes ? commits.write(() -> answer(channel, database, command, query)) : answer(channel, database, command, query);
    cursors.used(answer, channel);
    if (writes) commits.whenKept(() -> reply.accept(answer));
    else reply.accept(answer);
  }

  private Document answer(Channel channel, String database, String command, Document query) {
    try {
      return using(DROPS.contains(command.toLowerCase(Locale.ROOT)), () -> handleCommand(channel, database, command, query));
    } catch (MongoServerException refused) {
      return describe(refused).append("ok", 0.0);
    } catch (RuntimeException broken) {
      System.err.println("engine: " + command + " failed: " + broken);
      return new Document("errmsg", "the engine failed at " + command + ": " + broken).append("code", 8).append("ok", 0.0);
    }
  }

  /** Always inside the commits' lock, never around it, when both are held. */
  private <T> T using(boolean alone, Supplier<T> work) {
    Lock lock = alone ? maps.writeLock() : maps.readLock();
    lock.lock();
    MVStore.TxCounter version = store.registerVersionUsage(); // what is read is not overwritten meanwhile
    try {
      return work.get();
    } finally {
      store.deregisterVersionUsage(version);
      lock.unlock();
    }
  }

  static Document describe(MongoServerException refused) {
    Document error = new Document("errmsg", refused.getMessageWithoutErrorCode()).append("code", 2);
    if (refused instanceof MongoServerError named) error.append("code", named.getCode()).putIfNotNull("codeName", named.getCodeName());
    return error;
  }

  @Override public Document handleCommand(Channel channel, String database, String command, Document query) {
    if (command.equals("engineCost") && database.equals("admin")) return cost.toDocument();
    if (command.equals("hello")) {
      return super.handleCommand(channel, database, "ismaster", query).append("isWritablePrimary", true);
    }
    return super.handleCommand(channel, database, command, query);
  }

  @Override public void handleClose(Channel channel) {
    cursors.closed(channel);
  }

  /** What has to be done now and then: ends of life, forgotten cursors, a file that is mostly free space. */
  void housekeeping() {
    try {
      cursors.forgetIdle(System.currentTimeMillis());
      for (StoredDatabase database : List.copyOf(databases.values())) while (expire(database)) Thread.onSpinWait();
      if (store.getFileStore().size() > COMPACT_ABOVE) commits.alone(() -> store.compact(70, 8 << 20));
    } catch (RuntimeException failed) {
      System.err.println("engine: housekeeping failed: " + failed);
    }
  }

  private boolean expire(StoredDatabase database) {
    boolean more = commits.write(() -> using(false, () -> database.expire(Instant.now())));
    commits.whenKept(() -> { });
    return more;
  }
}
