package sluice.engine;

import de.bwaldvogel.mongo.bson.Document;
import java.util.*;
import org.h2.mvstore.MVMap;
import sluice.engine.Conditions.Condition;

/**
 * Chooses how a query is read. Each index offers the ranges that its equality prefix (a cross product where there is
 * {@code $in}) and one more range give; their sizes are exact, by rank, and the cheapest offer wins. An offer that is in
 * the order asked for is charged only for what it would read before the limit.
 */
final class Planner {
  private static final int MAX_RANGES = 10_000;

  private Planner() { }

  /** Keys in [from, to); their first {@code prefix} characters are the same. */
  record Range(String from, String to, int prefix) { }

  /** {@code exact}: what the ranges hold needs no further filter. {@code size}: how many entries they hold. */
  record Plan(DocumentIndex index, List<Range> ranges, boolean sorted, boolean reversed, boolean exact, boolean multikey,
      long size) { }

  static boolean isOrdered(Document sort) {
    return sort != null && !sort.isEmpty() && !sort.containsKey("$natural");
  }

  /** The best plan, or null when every document has to be read. */
  static Plan plan(Collection<DocumentIndex> indexes, Document query, Document sort, int wanted) {
    if (query.isEmpty() && !isOrdered(sort)) return null;
    Conditions conditions = new Conditions(query);
    Condition id = conditions.on("_id");
    List<Plan> offers = new ArrayList<>();
    for (DocumentIndex index : indexes) {
      Plan offer = offer(index, conditions, sort);
      if (offer == null) continue;
      if (index instanceof DocumentIndex.OfId && id.equal != null && offer.ranges.size() <= 1) return offer; // one document
      offers.add(offer);
    }
    return cheapest(offers, isOrdered(sort), wanted);
  }

  private static Plan cheapest(List<Plan> offers, boolean ordered, int wanted) {
    long smallest = Math.max(1, offers.stream().mapToLong(Plan::size).min().orElse(1));
    Plan best = null;
    double lowest = 0;
    for (Plan offer : offers) {
      double matching = offer.size / (double) smallest; // of so many read, about one is a match
      double cost = !ordered ? offer.size
          : !offer.sorted ? offer.size * 1.5 + 1
          : wanted > 0 ? Math.min(offer.size, wanted * Math.max(1.0, matching))
          : offer.size;
      if (best == null || cost < lowest) {
        best = offer;
        lowest = cost;
      }
    }
    return best;
  }

  private static Plan offer(DocumentIndex index, Conditions conditions, Document sort) {
    boolean multikey = index.isMultikey(), excludesMissing = false;
    for (FieldPath field : index.fields) excludesMissing |= conditions.on(field.name).excludesMissing();
    if (index.sparse && !excludesMissing) return null; // it may lack documents that match

    List<String> prefixes = List.of("");
    int equals = 0;
    for (; equals < index.fields.length; equals++) {
      List<Object> values = conditions.on(index.fields[equals].name).equal;
      if (values == null || (long) prefixes.size() * values.size() > MAX_RANGES) break;
      Set<String> longer = new LinkedHashSet<>();
      for (String prefix : prefixes)
        for (Object value : values) longer.add(prefix + KeyCodec.encode(value, index.ascending[equals]));
      prefixes = new ArrayList<>(longer);
    }
    Condition bounds = equals < index.fields.length ? conditions.on(index.fields[equals].name) : null;
    boolean bounded = bounds != null && bounds.isRange();
    List<Range> ranges = new ArrayList<>(prefixes.size());
    for (String prefix : prefixes) ranges.add(bounded ? range(prefix, bounds, index.ascending[equals], multikey) : range(prefix));

    int direction = isOrdered(sort) && !multikey ? direction(index, equals, conditions, sort) : 0;
    int used = equals + (bounded ? 1 : 0);
    if (used == 0 && direction == 0 && !index.sparse) return null;
    long size = 0;
    for (Range each : ranges) size += Math.max(0, rank(index.map(), each.to) - rank(index.map(), each.from));
    boolean exact = conditions.isExact() && used == conditions.size() && !multikey;
    return new Plan(index, ranges, direction != 0, direction < 0, exact, multikey, size);
  }

  private static Range range(String prefix) {
    return new Range(prefix.isEmpty() ? KeyCodec.START : prefix, prefix + KeyCodec.END, prefix.length());
  }

  /** A bound that is missing is the end of the other's type. Of an array each element alone may fulfil each bound. */
  private static Range range(String prefix, Condition bounds, boolean ascending, boolean multikey) {
    String high = multikey && bounds.low != null ? null : bounds.high;
    String from = bounds.low != null ? bounds.low : high.substring(0, 1);
    String to = high != null ? high : from.substring(0, 1);
    boolean afterFrom = bounds.low != null && bounds.lowExclusive;
    boolean beforeTo = high != null && bounds.highExclusive;
    if (ascending) {
      return new Range(prefix + from + (afterFrom ? KeyCodec.END : ""), prefix + to + (beforeTo ? "" : KeyCodec.END), prefix.length());
    }
    return new Range(prefix + KeyCodec.invert(to) + (beforeTo ? KeyCodec.END : ""),
        prefix + KeyCodec.invert(from) + (afterFrom ? "" : KeyCodec.END), prefix.length());
  }

  /** 1 when the ranges are in the order asked for, -1 when their reverse is, 0 when neither is. */
  private static int direction(DocumentIndex index, int equals, Conditions conditions, Document sort) {
    int next = equals, direction = 0;
    for (Map.Entry<String, Object> by : sort.entrySet()) {
      int at = index.positionOfField(by.getKey());
      if (at >= 0 && at < equals && conditions.on(by.getKey()).equal.size() == 1) continue; // the same in every match
      boolean isId = at < 0 && by.getKey().equals("_id") && next == index.fields.length; // what every key ends with
      if (!isId && at != next) return 0;
      boolean up = by.getValue() instanceof Number number && number.intValue() > 0;
      int wanted = up == (isId || index.ascending[next]) ? 1 : -1;
      if (direction != 0 && direction != wanted) return 0;
      direction = wanted;
      next++;
      if (by.getKey().equals("_id")) break; // unique: nothing after it matters
    }
    return direction == 0 ? 1 : direction;
  }

  @SuppressWarnings("unchecked")
  private static long rank(MVMap<String, ?> map, String key) {
    long rank = ((MVMap<String, Object>) map).getKeyIndex(key);
    return rank < 0 ? -rank - 1 : rank;
  }
}
