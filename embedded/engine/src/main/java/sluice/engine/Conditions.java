package sluice.engine;

import de.bwaldvogel.mongo.backend.*;
import de.bwaldvogel.mongo.bson.*;
import java.time.Instant;
import java.util.*;

/**
 * What a query asks of single fields, as far as an index can serve it: every match fulfils them, and when {@code exact}
 * is true everything that fulfils them is a match.
 */
final class Conditions {
  /** The wanted values or the bounds of one field; bounds are encoded. */
  static final class Condition {
    List<Object> equal;
    String low, high;
    boolean lowExclusive, highExclusive, present;

    boolean isRange() { return low != null || high != null; }

    /** True when a document without the field cannot fulfil it. */
    boolean excludesMissing() {
      return present || isRange() || equal != null && equal.stream().noneMatch(Missing::isNullOrMissing);
    }
  }

  private static final Condition ANYTHING = new Condition();
  private final Map<String, Condition> byField = new HashMap<>();
  private boolean exact = true;

  Conditions(Document query) {
    read(query);
  }

  Condition on(String field) { return byField.getOrDefault(field, ANYTHING); }
  boolean isExact() { return exact; }
  int size() { return byField.size(); }

  private void read(Document query) {
    query.forEach((field, asked) -> {
      if (field.equals("$and") && asked instanceof Collection<?> all) {
        for (Object each : all) {
          if (each instanceof Document document) read(document);
          else exact = false;
        }
      } else if (field.startsWith("$") || asked instanceof BsonRegularExpression) exact = false;
      else readField(field, hasOperators(asked) ? (Document) asked : new Document("$eq", asked));
    });
  }

  private static boolean hasOperators(Object asked) {
    return asked instanceof Document document && !document.isEmpty() && document.keySet().iterator().next().startsWith("$");
  }

  private void readField(String field, Document operators) {
    if (operators.containsKey("$ref") || operators.containsKey("$id") || operators.containsKey("$regex")) {
      exact = false;
      return;
    }
    Condition condition = byField.computeIfAbsent(field, name -> new Condition());
    operators.forEach((operator, value) -> {
      switch (operator) {
        case "$eq" -> equal(condition, Collections.singletonList(value));
        case "$in" -> equal(condition, value instanceof Collection<?> values ? values : null);
        case "$gt", "$gte", "$lt", "$lte" -> bound(condition, operator, value);
        case "$exists", "$ne" -> {
          condition.present |= operator.equals("$exists") ? Utils.isTrue(value) : value == null;
          exact = false;
        }
        default -> exact = false;
      }
    });
  }

  private void equal(Condition condition, Collection<?> values) {
    if (values == null || condition.equal != null || values.stream().anyMatch(each -> each instanceof BsonRegularExpression)) {
      exact = false;
      return;
    }
    exact &= !condition.isRange() && values.stream().allMatch(Conditions::isScalar);
    condition.equal = new ArrayList<>(values);
  }

  private void bound(Condition condition, String operator, Object value) {
    if (!isScalar(value) && !(value instanceof Decimal128)) {
      exact = false;
      return;
    }
    String key = KeyCodec.encode(value);
    boolean exclusive = operator.length() == 3 && isScalar(value);
    boolean isLow = operator.startsWith("$g");
    String same = isLow ? condition.low : condition.high;
    String opposite = isLow ? condition.high : condition.low;
    exact &= isScalar(value) && condition.equal == null && same == null
        && (opposite == null || opposite.charAt(0) == key.charAt(0));
    if (isLow && (same == null || key.compareTo(same) > 0)) {
      condition.low = key;
      condition.lowExclusive = exclusive;
    } else if (!isLow && (same == null || key.compareTo(same) < 0)) {
      condition.high = key;
      condition.highExclusive = exclusive;
    }
  }

  /** Values whose encoding is equal only for equal values, and that never match an array as a whole. */
  private static boolean isScalar(Object value) {
    return value instanceof String || value instanceof Number && !(value instanceof Decimal128) || value instanceof Instant
        || value instanceof ObjectId || value instanceof Boolean;
  }
}
