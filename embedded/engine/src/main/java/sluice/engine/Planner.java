package sluice.engine;

import de.bwaldvogel.mongo.backend.*;
import de.bwaldvogel.mongo.bson.*;
import java.time.Instant;
import java.util.*;

/**
 * Chooses how a query is read. Each index offers the ranges that its equality prefix (a cross product with $in) and one
 * more range give, their sizes known by rank; the cheapest wins. One in the order asked for is charged up to the limit.
 */
final class Planner {
  private static final int MAX_RANGES = 10_000;

  /** Keys in [from, to); their first {@code prefix} characters are the same. */
  record Range(String from, String to, int prefix) { }
  /** {@code exact}: what the ranges hold needs no further filter. {@code size}: how many entries they hold. */
  record Plan(DocumentIndex index, List<Range> ranges, boolean sorted, boolean reversed, boolean exact, long size) { }
  static boolean isOrdered(Document sort) { return sort != null && !sort.isEmpty() && !sort.containsKey("$natural"); }
  static Plan everything(DocumentIndex ofId, Document query) {
    return new Plan(ofId, List.of(new Range("", KeyCodec.END, 0)), false, false, query.isEmpty(), Long.MAX_VALUE);
  }
  /** The best plan, or null when every document has to be read. */
  static Plan plan(List<DocumentIndex> indexes, Document query, Document sort, int wanted) {
    if (query.isEmpty() && !isOrdered(sort)) return null;
    Conditions conditions = new Conditions(query);
    List<Plan> offers = new ArrayList<>();
    for (DocumentIndex index : indexes) {
      Plan offer = offer(index, conditions, isOrdered(sort) ? sort : null);
      if (offer == null) continue;
      if (index.ofId && conditions.on("_id").equal != null && offer.ranges.size() <= 1) return offer; // one document
      offers.add(offer);
    }
    long smallest = Math.max(1, offers.stream().mapToLong(Plan::size).min().orElse(1));
    return offers.stream().min(Comparator.comparingDouble(offer -> {
      if (!isOrdered(sort) || offer.sorted && wanted == 0) return offer.size;
      if (!offer.sorted) return offer.size * 1.5 + 1;
      return Math.min(offer.size, wanted * Math.max(1, offer.size / (double) smallest)); // of so many, one is a match
    })).orElse(null);
  }
  private static Plan offer(DocumentIndex index, Conditions conditions, Document sort) {
    boolean multikey = index.isMultikey();
    // a sparse index may lack documents that match
    if (index.sparse && index.fields.stream().noneMatch(field -> conditions.on(field).excludesMissing())) return null;
    List<String> prefixes = List.of("");
    int equals = 0; // how many fields the prefix covers
    for (; equals < index.fields.size(); equals++) {
      List<Object> values = conditions.on(index.fields.get(equals)).equal;
      if (values == null || (long) prefixes.size() * values.size() > MAX_RANGES) break;
      boolean up = index.ascending.get(equals);
      List<String> ends = values.stream().map(value -> KeyCodec.encode(value, up)).distinct().toList();
      prefixes = prefixes.stream().flatMap(prefix -> ends.stream().map(prefix::concat)).toList();
    }
    Condition bounds = conditions.on(equals < index.fields.size() ? index.fields.get(equals) : null);
    boolean up = !bounds.isRange() || index.ascending.get(equals);
    List<Range> ranges = prefixes.stream().map(prefix -> range(prefix, bounds, up, multikey)).toList();
    long size = ranges.stream().mapToLong(each -> Math.max(0, rank(index, each.to) - rank(index, each.from))).sum();
    int direction = sort != null && !multikey ? direction(index, equals, conditions, sort) : 0;
    int used = equals + (bounds.isRange() ? 1 : 0);
    if (used == 0 && direction == 0 && !index.sparse) return null;
    boolean exact = conditions.exact && used == conditions.byField.size() && !multikey;
    return new Plan(index, ranges, direction != 0, direction < 0, exact, size);
  }
  /** A bound that is missing is the end of the other's type. Of an array each element alone may fulfil each bound. */
  private static Range range(String prefix, Condition bounds, boolean ascending, boolean multikey) {
    String first = prefix.isEmpty() ? KeyCodec.START : prefix; // above the mark
    if (!bounds.isRange()) return new Range(first, prefix + KeyCodec.END, prefix.length());
    String high = multikey && bounds.low != null ? null : bounds.high;
    String from = bounds.low != null ? bounds.low : high.substring(0, 1);
    String to = high != null ? high : from.charAt(0) + KeyCodec.END;
    if (ascending) return new Range(prefix + from, prefix + to, prefix.length());
    return new Range(prefix + KeyCodec.mirror(to), prefix + KeyCodec.mirror(from), prefix.length());
  }
  /** 1 when the ranges are in the order asked for, -1 when their reverse is, 0 when neither is. */
  private static int direction(DocumentIndex index, int equals, Conditions conditions, Document sort) {
    int next = equals, direction = 0;
    for (Map.Entry<String, Object> by : sort.entrySet()) {
      int at = index.fields.indexOf(by.getKey());
      if (at >= 0 && at < equals && conditions.on(by.getKey()).equal.size() == 1) continue; // the same in every match
      boolean isId = at < 0 && by.getKey().equals("_id") && next == index.fields.size(); // what every key ends with
      if (!isId && at != next) return 0;
      int wanted = ((Number) by.getValue()).intValue() > 0 == (isId || index.ascending.get(next)) ? 1 : -1;
      if (direction != 0 && direction != wanted) return 0;
      direction = wanted;
      next++;
      if (by.getKey().equals("_id")) break; // unique: nothing after it matters
    }
    return direction == 0 ? 1 : direction;
  }
  private static long rank(DocumentIndex index, String key) {
    long rank = index.map.getKeyIndex(key);
    return rank < 0 ? -rank - 1 : rank;
  }
  /** The wanted values or the bounds of one field; bounds are encoded, from {@code low} to before {@code high}. */
  private static final class Condition {
    List<Object> equal;
    String low, high;
    boolean present;
    boolean isRange() { return low != null || high != null; }
    /** True when a document without the field cannot fulfil it. */
    boolean excludesMissing() {
      return present || isRange() || equal != null && equal.stream().noneMatch(Missing::isNullOrMissing);
    }
  }
  /** What a query asks of single fields: every match fulfils it; when exact, everything that fulfils it is a match. */
  private static final class Conditions {
    private final Map<String, Condition> byField = new HashMap<>();
    private boolean exact = true;
    Conditions(Document query) { read(query); }
    Condition on(String field) { return byField.getOrDefault(field, new Condition()); }
    private void read(Document query) {
      query.forEach((field, asked) -> {
        if (field.equals("$and") && asked instanceof Collection<?> both) both.forEach(each -> read((Document) each));
        else if (field.startsWith("$") || asked instanceof BsonRegularExpression) exact = false;
        else {
          Condition condition = byField.computeIfAbsent(field, absent -> new Condition());
          boolean operators = asked instanceof Document x && x.keySet().stream().anyMatch(name -> name.startsWith("$"));
          Document all = operators ? (Document) asked : new Document("$eq", asked);
          all.forEach((name, value) -> exact &= add(condition, name, value));
        }
      });
    }
    /** True when the condition then says all that the operator does. */
    private static boolean add(Condition condition, String operator, Object value) {
      switch (operator) {
        case "$eq": return equal(condition, Collections.singletonList(value));
        case "$in": return value instanceof Collection<?> values && equal(condition, values);
        case "$gt", "$gte", "$lt", "$lte": return isScalar(value) && bound(condition, operator, KeyCodec.encode(value));
        case "$exists", "$ne": condition.present |= operator.equals("$exists") ? Utils.isTrue(value) : value == null;
        default: return false;
      }
    }
    private static boolean equal(Condition condition, Collection<?> values) {
      if (condition.equal != null || values.stream().anyMatch(BsonRegularExpression.class::isInstance)) return false;
      condition.equal = new ArrayList<>(values);
      return !condition.isRange() && values.stream().allMatch(Conditions::isScalar);
    }
    private static boolean bound(Condition condition, String operator, String key) {
      boolean isLow = operator.startsWith("$g");
      String limit = operator.equals("$gt") || operator.equals("$lte") ? key + KeyCodec.END : key;
      String same = isLow ? condition.low : condition.high, opposite = isLow ? condition.high : condition.low;
      if (isLow && (same == null || limit.compareTo(same) > 0)) condition.low = limit;
      if (!isLow && (same == null || limit.compareTo(same) < 0)) condition.high = limit;
      return condition.equal == null && same == null && (opposite == null || opposite.charAt(0) == key.charAt(0));
    }
    /** Values whose encoding is equal only for equal values, and that never match an array as a whole. */
    private static boolean isScalar(Object value) {
      return value instanceof String || value instanceof Number && !(value instanceof Decimal128)
          || value instanceof Instant || value instanceof ObjectId || value instanceof Boolean;
    }
  }
}
