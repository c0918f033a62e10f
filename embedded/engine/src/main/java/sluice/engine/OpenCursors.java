package sluice.engine;

import de.bwaldvogel.mongo.backend.*;
import de.bwaldvogel.mongo.bson.Document;
import io.netty.channel.Channel;
import java.util.*;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** Forgets cursors nobody reads any more: ten minutes after their last use, half a minute after their connection closed. */
final class OpenCursors {
  private static final long IDLE_MS = 600_000, ORPHANED_MS = 30_000;

  private record Use(Channel by, long untilMs) { }

  private final CursorRegistry registry;
  private final Map<Long, Use> uses = new ConcurrentHashMap<>();

  OpenCursors(CursorRegistry registry) { this.registry = registry; }

  /** Takes note of the cursor an answer names. */
  void used(Document answer, Channel by) {
    if (answer.get("cursor") instanceof Document cursor && cursor.get("id") instanceof Long id && id != 0) {
      uses.put(id, new Use(by, System.currentTimeMillis() + IDLE_MS));
    }
  }

  void closed(Channel channel) {
    long untilMs = System.currentTimeMillis() + ORPHANED_MS;
    uses.replaceAll((id, use) -> use.by == channel ? new Use(null, untilMs) : use);
  }

  void forgetIdle(long nowMs) {
    uses.entrySet().removeIf(entry -> {
      if (entry.getValue().untilMs < nowMs) registry.remove(entry.getKey());
      return entry.getValue().untilMs < nowMs;
    });
  }

  static List<Document> take(Iterator<Document> found, int most) {
    List<Document> taken = new ArrayList<>();
    while (taken.size() < most && found.hasNext()) taken.add(found.next());
    return taken;
  }

  /** The rest of a query's answer, read when it is asked for. */
  record Reader(long id, Iterator<Document> found, UnaryOperator<List<Document>> project) implements Cursor {
    @Override public long getId() { return id; }
    @Override public synchronized boolean isEmpty() { return !found.hasNext(); }
    @Override public synchronized List<Document> takeDocuments(int most) { return project.apply(take(found, most > 0 ? most : 1000)); }
  }
}
