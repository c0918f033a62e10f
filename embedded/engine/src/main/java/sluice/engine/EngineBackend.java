package sluice.engine;

import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.AbstractMongoBackend;
import de.bwaldvogel.mongo.bson.Document;
import io.netty.channel.Channel;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.locks.*;
import java.util.function.Supplier;
import org.h2.mvstore.MVStore;

/** Runs commands: a read is answered at once, a write when it is kept. */
final class EngineBackend extends AbstractMongoBackend {
  private static final Set<String> UNSUPPORTED = Set.of("explain", "dropindexes", "renamecollection");
  private static final long COMPACT_ABOVE = 32 << 20, IDLE_MS = 600_000, ORPHANED_MS = 30_000;
  private record CursorUse(Channel by, long atMs) { }
  private final MVStore store;
  private final GroupCommit commits;
  private final Map<Long, CursorUse> cursors = new ConcurrentHashMap<>();
  private final ReadWriteLock maps = new ReentrantReadWriteLock(); // a drop takes it alone: nobody uses what goes away
  EngineBackend(MVStore store, GroupCommit commits) {
    this.store = store;
    this.commits = commits;
    store.getMapNames().stream().filter(map -> map.startsWith("d.") && map.endsWith(".system.namespaces"))
        .forEach(map -> resolveDatabase(map.substring(2, map.indexOf('.', 2))));
  }
  @Override protected MongoDatabase openOrCreateDatabase(String name) {
    return new StoredDatabase(name, store, getCursorRegistry());
  }
  @Override public Document handleCommand(Channel channel, String database, String command, Document query) {
    if (command.equals("engineCost")) {
      Candidates.Cost cost = Candidates.Cost.TOTAL;
      return new Document("keys", cost.keys().sum()).append("documents", cost.documents().sum())
          .append("fullScans", cost.fullScans().sum()).append("ok", 1.0);
    }
    String name = command.toLowerCase(Locale.ROOT);
    if (UNSUPPORTED.contains(name)) throw StoredDatabase.refused(115, "CommandNotSupported", command);
    boolean drops = name.startsWith("drop");
    boolean writes = drops || name.equals("create") || StoredDatabase.WRITES.contains(name);
    Document answer = run(drops ? maps.writeLock() : maps.readLock(), writes,
        () -> super.handleCommand(channel, database, command, query));
    if (answer.get("cursor") instanceof Document cursor && cursor.get("id") instanceof Long id && id != 0) {
      cursors.put(id, new CursorUse(channel, System.currentTimeMillis()));
    }
    return answer;
  }
  private <T> T run(Lock lock, boolean writes, Supplier<T> work) {
    lock.lock();
    MVStore.TxCounter version = store.registerVersionUsage(); // what is read is not overwritten meanwhile
    try {
      return writes ? commits.write(work) : work.get();
    } finally {
      store.deregisterVersionUsage(version);
      lock.unlock();
    }
  }
  /** What has to be done now and then: ends of life, forgotten cursors, a file that is mostly free space. */
  void housekeeping() {
    Candidates.Cost.OF_THREAD.set(new Candidates.Cost());
    try {
      long nowMs = System.currentTimeMillis();
      cursors.forEach((id, use) -> {
        boolean forgotten = nowMs - use.atMs > (use.by.isOpen() ? IDLE_MS : ORPHANED_MS);
        if (forgotten && cursors.remove(id, use)) closeCursors(List.of(id));
      });
      for (String name : listDatabaseNames())
        while (run(maps.readLock(), true, () -> ((StoredDatabase) resolveDatabase(name)).expire(nowMs)));
      if (store.getFileStore().size() > COMPACT_ABOVE) commits.alone(() -> store.compact(70, 8 << 20));
    } catch (RuntimeException failed) {
      System.err.println("engine: housekeeping failed: " + failed);
    }
  }
  /** No command runs after it; one that takes too long is cut off, for what was answered is kept already. */
  void closeForGood() {
    new Timer(true).schedule(new TimerTask() { @Override public void run() { Runtime.getRuntime().halt(0); } }, 1500);
    maps.writeLock().lock();
    commits.alone(store::close);
    Runtime.getRuntime().halt(0);
  }
}
