package sluice.engine;

import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.*;
import java.util.function.Supplier;
import org.h2.mvstore.MVStore;

/**
 * Answers a write only when a commit covers it. A write runs under the shared lock, a commit under the exclusive one, so
 * no commit keeps half a write. Whoever finds no commit under way does one for all who wait; a thread of its own goes on
 * when more came meanwhile. A commit that fails ends the process: nothing unsaved is ever answered.
 */
final class GroupCommit {
  private final MVStore store;
  private final boolean fsync;
  private final ReentrantReadWriteLock barrier = new ReentrantReadWriteLock();
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean committing = new AtomicBoolean();
  private final Thread successor = new Thread(this::succeed, "commit");

  GroupCommit(MVStore store, boolean fsync) {
    this.store = store;
    this.fsync = fsync;
    successor.setDaemon(true);
    successor.start();
  }

  <T> T write(Supplier<T> change) {
    barrier.readLock().lock();
    try {
      return change.get();
    } finally {
      barrier.readLock().unlock();
    }
  }

  /** Runs the answer once all that this thread has written, or seen of others' writes, is kept. */
  void whenKept(Runnable answer) {
    waiting.add(answer);
    if (!committing.compareAndSet(false, true)) return; // whoever commits looks for us afterwards
    commit();
    committing.set(false);
    if (!waiting.isEmpty()) LockSupport.unpark(successor);
  }

  private void succeed() {
    while (true) {
      while (waiting.isEmpty() || !committing.compareAndSet(false, true)) LockSupport.park(this);
      commit();
      committing.set(false);
    }
  }

  private void commit() {
    List<Runnable> covered = new ArrayList<>();
    barrier.writeLock().lock();
    try {
      for (Runnable answer = waiting.poll(); answer != null; answer = waiting.poll()) covered.add(answer);
      if (store.hasUnsavedChanges()) store.commit();
      if (fsync) store.sync();
    } catch (Throwable failed) {
      die("the store cannot be written", failed);
    } finally {
      barrier.writeLock().unlock();
    }
    covered.forEach(Runnable::run);
  }

  /** Alone with the store: neither a write nor a commit is under way. */
  void alone(Runnable work) {
    barrier.writeLock().lock();
    try {
      work.run();
    } finally {
      barrier.writeLock().unlock();
    }
  }

  /** Keeps what is written and never lets go: nothing is answered after it. */
  void closeForGood(long waitMs) throws InterruptedException {
    if (!barrier.writeLock().tryLock(waitMs, TimeUnit.MILLISECONDS)) return; // what was answered is kept already
    store.close();
  }

  static void die(String what, Throwable cause) {
    System.err.println("engine: " + what + ": " + cause);
    Runtime.getRuntime().halt(70);
  }
}
