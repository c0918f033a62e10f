package sluice.engine;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.*;
import java.util.function.Supplier;
import org.h2.mvstore.MVStore;

/**
 * Ends a write only when a commit covers it. A write runs under the shared lock, a commit under the exclusive one: none
 * keeps half a write. Who comes first commits for all who wrote before. A commit that fails ends the process.
 */
final class GroupCommit {
  private final MVStore store;
  private final boolean fsync;
  private final ReadWriteLock barrier = new ReentrantReadWriteLock();
  private final AtomicLong written = new AtomicLong();
  private volatile long kept;

  GroupCommit(MVStore store, boolean fsync) {
    this.store = store;
    this.fsync = fsync;
  }
  /** Also a refusal waits: what it has seen of others' writes is kept. */
  <T> T write(Supplier<T> change) {
    barrier.readLock().lock();
    try {
      return change.get();
    } finally {
      long mine = written.incrementAndGet();
      barrier.readLock().unlock();
      if (kept < mine) keep(mine);
    }
  }
  private synchronized void keep(long mine) {
    if (kept < mine) alone(() -> {
      if (store.hasUnsavedChanges()) store.commit();
      if (fsync) store.sync();
      kept = written.get();
    });
  }
  /** Neither a write nor a commit is under way. */
  void alone(Runnable work) {
    barrier.writeLock().lock();
    try {
      work.run();
    } catch (Throwable failed) {
      die("the store cannot be written", failed);
    } finally {
      barrier.writeLock().unlock();
    }
  }
  static void die(String what, Throwable cause) {
    System.err.println("engine: " + what + ": " + cause);
    Runtime.getRuntime().halt(70);
  }
}
