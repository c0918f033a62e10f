package sluice.engine;

import java.util.*;
import org.h2.mvstore.*;
import sluice.engine.Planner.Plan;
import sluice.engine.Planner.Range;

/**
 * Reads what a plan says: the stored documents that may match, in the plan's order. Index and documents are read in
 * blocks, each of them one consistent snapshot of both, so writers wait for nobody.
 */
final class Candidates implements Iterator<byte[]> {
  private static final int FIRST_BLOCK = 32, LARGEST_BLOCK = 512, LARGEST_BYTES = 1 << 20;

  /** The documents, the latch under which a document and its index entries change, and the count of what is read. */
  record Source(MVMap<String, byte[]> documents, Object latch, Cost cost) { }
  private record Entry(String key, String position, byte[] document) { }

  private final Source source;
  private final Deque<Scan> inTurn = new ArrayDeque<>();
  private final PriorityQueue<Scan> merged; // by the rest of the key after the prefix, or null when read in turn
  private final Set<String> seen; // of a multikey index a document may have several entries

  Candidates(Source source, Plan plan, boolean backwards, int wanted) {
    this.source = source;
    if (plan == null) {
      merged = null;
      seen = null;
      inTurn.add(new Scan(null, new Range("", KeyCodec.END, 0), backwards, wanted > 0 ? Math.min(LARGEST_BLOCK, wanted) : FIRST_BLOCK));
      return;
    }
    int ranges = plan.ranges().size();
    Comparator<Scan> byRest = Comparator.comparing(Scan::restOfKey);
    merged = plan.sorted() && ranges > 1 ? new PriorityQueue<>(plan.reversed() ? byRest.reversed() : byRest) : null;
    seen = plan.multikey() ? new HashSet<>() : null;
    int block = wanted > 0 && plan.exact() ? Math.min(LARGEST_BLOCK, wanted) : FIRST_BLOCK;
    for (Range range : plan.ranges()) {
      Scan scan = new Scan(plan.index(), range, plan.reversed(), merged == null ? block : Math.max(4, block / ranges));
      if (merged == null) inTurn.add(scan);
      else if (scan.hasNext()) merged.add(scan);
    }
  }

  @Override public boolean hasNext() {
    if (merged != null) return !merged.isEmpty();
    for (; !inTurn.isEmpty(); inTurn.poll()) {
      Scan scan = inTurn.peek();
      for (; scan.hasNext(); scan.next()) if (seen == null || !seen.contains(scan.peek().position)) return true;
    }
    return false;
  }

  @Override public byte[] next() {
    if (!hasNext()) throw new NoSuchElementException();
    Scan scan = merged != null ? merged.poll() : inTurn.peek();
    Entry entry = scan.next();
    if (merged != null && scan.hasNext()) merged.add(scan);
    if (seen != null) seen.add(entry.position);
    return entry.document;
  }

  /** One range, forwards or backwards; without an index all documents in the order of their position. */
  private final class Scan {
    private final DocumentIndex index;
    private final Range range;
    private final boolean reversed;
    private final Deque<Entry> block = new ArrayDeque<>();
    private int blockSize;
    private String last;
    private boolean finished;

    Scan(DocumentIndex index, Range range, boolean reversed, int blockSize) {
      this.index = index;
      this.range = range;
      this.reversed = reversed;
      this.blockSize = blockSize;
    }

    Entry peek() { return block.peek(); }
    Entry next() { return block.poll(); }
    String restOfKey() { return block.peek().key.substring(range.prefix()); }

    boolean hasNext() {
      if (block.isEmpty() && !finished) {
        if (source.documents.isClosed()) finished = true; // dropped under an open cursor
        else if (index instanceof DocumentIndex.OfId && range.prefix() == range.from().length()) readOne();
        else if (index != null && index.map().isClosed()) finished = true;
        else readBlock();
        source.cost.documents.add(block.size());
      }
      return !block.isEmpty();
    }

    private void readOne() {
      byte[] document = source.documents.get(range.from());
      if (document != null) block.add(new Entry(range.from(), range.from(), document));
      source.cost.keys.increment();
      finished = true;
    }

    @SuppressWarnings("unchecked")
    private void readBlock() {
      MVMap<String, Object> map = (MVMap<String, Object>) (index == null ? source.documents : index.map());
      RootReference<String, Object> entries;
      RootReference<String, byte[]> documents;
      synchronized (source.latch) {
        entries = map.flushAndGetRoot();
        documents = source.documents.flushAndGetRoot();
      }
      int keys = 0, bytes = 0;
      Cursor<String, Object> cursor = new Cursor<>(entries, start(), null, reversed);
      while (!finished && block.size() < blockSize && bytes < LARGEST_BYTES) {
        if (!cursor.hasNext()) {
          finished = true;
          break;
        }
        String key = cursor.next();
        keys++;
        if (key.equals(last) || (reversed ? key.compareTo(range.to()) >= 0 : key.compareTo(range.from()) < 0)) continue;
        if (reversed ? key.compareTo(range.from()) < 0 : key.compareTo(range.to()) >= 0) {
          finished = true;
          break;
        }
        last = key;
        String position = index == null ? key : index.positionOf(key, cursor.getValue());
        byte[] document = cursor.getValue() instanceof byte[] own ? own : source.documents.get(documents.root, position);
        if (document == null) continue;
        block.add(new Entry(key, position, document));
        bytes += document.length;
      }
      if (index != null) source.cost.keys.add(keys);
      blockSize = Math.min(LARGEST_BLOCK, blockSize * 2);
    }

    private String start() { return last != null ? last : reversed ? range.to() : range.from(); }
  }
}
