package sluice.engine;

import java.io.IOException;
import java.net.BindException;
import java.nio.channels.*;
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.*;
import org.h2.mvstore.*;

/** Starts the engine from its command line and stops it in order; what hinders a start is one line and an exit code. */
public final class Engine {
  static final int USAGE = 2, PORT_IN_USE = 3, FILE_IN_USE = 4, FILE_UNREADABLE = 5;
  private static final long WRITE_ANEW_ABOVE = 64 << 20;
  private static FileLock lock; // held as long as the process lives

  /** What the command line says. */
  private record Options(int port, Path file, boolean fsync, int cacheMb, int threads, long parent) {
    static Options parse(String[] args) {
      int port = -1, cacheMb = 64, threads = 16;
      Path file = null;
      boolean fsync = false;
      long parent = 0;
      for (Iterator<String> rest = List.of(args).iterator(); rest.hasNext(); ) {
        String option = rest.next();
        switch (option) {
          case "--port" -> port = Integer.parseInt(rest.next());
          case "--file" -> file = Path.of(rest.next()).toAbsolutePath();
          case "--fsync" -> fsync = true;
          case "--cache" -> cacheMb = Integer.parseInt(rest.next());
          case "--threads" -> threads = Integer.parseInt(rest.next());
          case "--parent" -> parent = Long.parseLong(rest.next());
          default -> throw new IllegalArgumentException(option);
        }
      }
      if (port < 0 || port > 65535 || file == null || threads < 1) throw new IllegalArgumentException("--port and --file are needed");
      return new Options(port, file, fsync, cacheMb, threads, parent);
    }
  }

  public static void main(String[] args) {
    long startedNs = System.nanoTime();
    Options options;
    try {
      options = Options.parse(args);
    } catch (RuntimeException wrong) {
      fail(USAGE, "usage: --port N --file PATH [--fsync] [--cache MB] [--threads N] [--parent PID] (" + wrong.getMessage() + ")");
      return;
    }
    try {
      takeFile(options.file);
      MVStore store = open(options);
      GroupCommit commits = new GroupCommit(store, options.fsync);
      EngineBackend backend = new EngineBackend(store, commits);
      WireServer server = new WireServer(backend, options.threads);
      int port = server.listen(options.port);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, commits)));
      ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
      clock.scheduleWithFixedDelay(backend::housekeeping, 2, 2, TimeUnit.SECONDS);
      if (options.parent > 0) clock.scheduleWithFixedDelay(() -> stopWithout(options.parent), 1, 1, TimeUnit.SECONDS);
      System.out.println("engine ready port=" + port + " ms=" + (System.nanoTime() - startedNs) / 1_000_000);
    } catch (MVStoreException unreadable) {
      boolean taken = unreadable.getErrorCode() == DataUtils.ERROR_FILE_LOCKED;
      fail(taken ? FILE_IN_USE : FILE_UNREADABLE, options.file + (taken ? " is in use: " : " cannot be read: ") + unreadable.getMessage());
    } catch (Exception failed) {
      if (failed instanceof BindException) fail(PORT_IN_USE, "port " + options.port + " is in use");
      fail(FILE_UNREADABLE, options.file + " cannot be used: " + failed);
    }
  }

  /** The store's own lock is not held while it is written anew; this one is. */
  private static void takeFile(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Path mark = Path.of(file + ".lock");
    FileChannel channel = FileChannel.open(mark, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException held) {
      lock = null;
    }
    if (lock == null) fail(FILE_IN_USE, file + " is in use by process " + Files.readString(mark).trim());
    channel.truncate(0).write(java.nio.ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes()));
  }

  private static MVStore open(Options options) {
    String file = options.file.toString();
    MVStoreTool.compactCleanUp(file); // what a rewriting that was cut off has left
    MVStore.Builder how = new MVStore.Builder().fileName(file).cacheSize(options.cacheMb).pageSplitSize(16384)
        .autoCommitDisabled().autoCommitBufferSize(0); // else a full buffer commits in the middle of a write
    MVStore store = how.open();
    if (store.getFileStore().size() > WRITE_ANEW_ABOVE && store.getFileStore().getFillRate() < 40) {
      store.close();
      MVStoreTool.compact(file, false);
      store = how.open();
    }
    store.setRetentionTime(0); // free space is used at once, so that the file levels off
    store.setVersionsToKeep(0);
    return store;
  }

  private static void stop(WireServer server, GroupCommit commits) {
    try {
      server.close();
      commits.closeForGood(1000);
    } catch (Throwable failed) {
      GroupCommit.die("the store could not be closed", failed);
    }
    Runtime.getRuntime().halt(0);
  }

  private static void stopWithout(long parent) {
    if (!ProcessHandle.of(parent).map(ProcessHandle::isAlive).orElse(false)) System.exit(0);
  }

  private static void fail(int code, String why) {
    System.err.println("engine: " + why.lines().findFirst().orElse(why));
    System.exit(code);
  }
}
