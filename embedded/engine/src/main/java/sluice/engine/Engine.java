package sluice.engine;

import de.bwaldvogel.mongo.MongoServer;
import java.net.*;
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.*;
import org.h2.mvstore.*;

/** Starts the engine from its command line; what hinders a start is one line and an exit code. */
public final class Engine {
  private static final String USAGE = "--port N --file PATH [--fsync] [--cache MB] [--threads N] [--parent PID]";
  public static void main(String[] args) throws Exception {
    long startedNs = System.nanoTime();
    Map<String, String> options = new HashMap<>(Map.of("--cache", "64", "--threads", "16", "--parent", "0"));
    InetSocketAddress address = null;
    Path file = null, mark = null;
    try {
      for (Iterator<String> rest = List.of(args).iterator(); rest.hasNext(); ) {
        String name = rest.next();
        if (!List.of(USAGE.split("[ \\[\\]]+")).contains(name)) throw new IllegalArgumentException(name);
        options.put(name, name.equals("--fsync") ? "" : rest.next());
      }
      int cacheMb = Integer.parseInt(options.get("--cache")), threads = Integer.parseInt(options.get("--threads"));
      long parent = Long.parseLong(options.get("--parent"));
      file = Path.of(options.get("--file")).toAbsolutePath();
      mark = Path.of(file + ".lock"); // says which process uses the file
      address = new InetSocketAddress("127.0.0.1", Integer.parseInt(options.get("--port")));
      Files.createDirectories(file.getParent());
      MVStore.Builder how = new MVStore.Builder().fileName(file.toString()).cacheSize(cacheMb).pageSplitSize(16384);
      how.autoCommitDisabled().autoCommitBufferSize(0); // else a full buffer commits in the middle of a write
      MVStore store = how.open();
      store.setRetentionTime(0); // free space is used at once, so that the file levels off
      store.setVersionsToKeep(0);
      Files.writeString(mark, ProcessHandle.current().pid() + "\n");
      EngineBackend backend = new EngineBackend(store, new GroupCommit(store, options.containsKey("--fsync")));
      MongoServer server = new MongoServer(backend);
      server.bind(address, 1, threads);
      Runtime.getRuntime().addShutdownHook(new Thread(backend::closeForGood));
      ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
      clock.scheduleWithFixedDelay(backend::housekeeping, 2, 2, TimeUnit.SECONDS);
      Runnable live = () -> { if (ProcessHandle.of(parent).filter(ProcessHandle::isAlive).isEmpty()) System.exit(0); };
      if (parent > 0) clock.scheduleWithFixedDelay(live, 1, 1, TimeUnit.SECONDS);
      int port = server.getLocalAddress().getPort();
      System.out.println("engine ready port=" + port + " ms=" + (System.nanoTime() - startedNs) / 1_000_000);
    } catch (Exception failed) {
      if (address == null) fail(2, "usage: " + USAGE);
      if (failed instanceof BindException) fail(3, "port " + address.getPort() + " is in use");
      boolean locked = failed instanceof MVStoreException why && why.getErrorCode() == DataUtils.ERROR_FILE_LOCKED;
      if (locked) fail(4, file + " is in use by process " + Files.readString(mark).trim());
      fail(5, file + " cannot be used: " + failed.getMessage());
    }
  }
  private static void fail(int code, String why) {
    System.err.println("engine: " + why.lines().findFirst().orElse(why));
    System.exit(code);
  }
}
