package sluice.engine;

import java.util.*;
import java.util.concurrent.atomic.LongAdder;
import org.h2.mvstore.*;
import sluice.engine.Planner.*;

/**
 * Reads what a plan says: the stored documents that may match, in the plan's order. Index and documents are read in
 * blocks, each of them one consistent snapshot of both, so writers wait for nobody.
 */
final class Candidates implements Iterator<byte[]> {
  private static final int FIRST_BLOCK = 32, LARGEST_BLOCK = 512, LARGEST_BYTES = 1 << 20;
  /** What was read since the start, for tests that prove that a query's cost does not grow with what is stored. */
  record Cost(LongAdder keys, LongAdder documents, LongAdder fullScans) {
    static final Cost TOTAL = new Cost();
    /** The engine's own reading is not counted: its thread has a cost of its own. */
    static final ThreadLocal<Cost> OF_THREAD = ThreadLocal.withInitial(() -> TOTAL);
    Cost() { this(new LongAdder(), new LongAdder(), new LongAdder()); }
  }
  private record Entry(String key, String position, byte[] document) { }
  private final StoredCollection source;
  private final Plan plan;
  private final boolean merging; // by the rest of the key after the prefix; else one range after the other
  private final Queue<Scan> scans;
  private final Set<String> seen; // of a multikey index a document may have several entries
  /** {@code wanted}: how many will be asked for, or 0. */
  Candidates(StoredCollection source, Plan plan, int wanted) {
    this.source = source;
    this.plan = plan;
    merging = plan.sorted() && plan.ranges().size() > 1;
    Comparator<Scan> byRest = Comparator.comparing(scan -> scan.block.peek().key.substring(scan.range.prefix()));
    scans = merging ? new PriorityQueue<>(plan.reversed() ? byRest.reversed() : byRest) : new ArrayDeque<>();
    seen = plan.index().isMultikey() ? new HashSet<>() : null;
    int block = wanted > 0 ? Math.min(LARGEST_BLOCK, wanted) : FIRST_BLOCK;
    for (Range range : plan.ranges()) {
      Scan scan = new Scan(range, merging ? Math.max(4, block / plan.ranges().size()) : block);
      if (!merging || scan.hasNext()) scans.add(scan);
    }
  }
  @Override public boolean hasNext() {
    for (; !scans.isEmpty(); scans.poll())
      for (Scan scan = scans.peek(); scan.hasNext(); scan.block.poll())
        if (seen == null || !seen.contains(scan.block.peek().position)) return true;
    return false;
  }
  @Override public byte[] next() {
    if (!hasNext()) throw new NoSuchElementException();
    Scan scan = merging ? scans.poll() : scans.peek();
    Entry entry = scan.block.poll();
    if (merging && scan.hasNext()) scans.add(scan);
    if (seen != null) seen.add(entry.position);
    return entry.document;
  }
  /** One range, forwards or backwards. */
  private final class Scan {
    final Deque<Entry> block = new ArrayDeque<>();
    final Range range;
    private int blockSize;
    private String last;
    private boolean finished;
    Scan(Range range, int blockSize) {
      this.range = range;
      this.blockSize = blockSize;
    }
    boolean hasNext() {
      if (!block.isEmpty() || finished) return !block.isEmpty();
      finished = plan.index().map.isClosed(); // dropped under an open cursor
      if (!finished) readBlock();
      source.cost().documents().add(block.size());
      return !block.isEmpty();
    }
    private void readBlock() {
      boolean back = plan.reversed(), one = finished = plan.index().ofId && range.prefix() > 0;
      byte[] found = one ? source.documents.get(range.from()) : null;
      if (found != null) block.add(new Entry(range.from(), range.from(), found));
      if (one) source.cost().keys().increment();
      if (one) return;
      RootReference<String, Object> entries;
      RootReference<String, byte[]> documents;
      synchronized (source.latch) {
        entries = plan.index().map.flushAndGetRoot();
        documents = source.documents.flushAndGetRoot();
      }
      String start = last != null ? last : back ? range.to() : range.from();
      Cursor<String, Object> cursor = new Cursor<>(entries, start, null, back);
      for (int bytes = 0; block.size() < blockSize && bytes < LARGEST_BYTES; source.cost().keys().increment()) {
        String key = cursor.hasNext() ? cursor.next() : null;
        finished = key == null || (back ? key.compareTo(range.from()) < 0 : key.compareTo(range.to()) >= 0);
        if (finished) break;
        if (key.equals(last) || (back ? key.compareTo(range.to()) >= 0 : key.compareTo(range.from()) < 0)) continue;
        last = key;
        String position = plan.index().positionOf(key, cursor.getValue());
        boolean own = cursor.getValue() instanceof byte[];
        byte[] document = own ? (byte[]) cursor.getValue() : source.documents.get(documents.root, position);
        block.add(new Entry(key, position, document));
        bytes += document.length;
      }
      blockSize = Math.min(LARGEST_BLOCK, blockSize * 2);
    }
  }
}
