package sluice.engine;

import de.bwaldvogel.mongo.bson.Document;
import java.util.*;
import java.util.stream.Stream;

/** Sorting in memory, by encoded keys: the library's comparator is no order where empty arrays meet. */
final class SortOrder {
  private record By(FieldPath field, boolean ascending) { }
  private record Ranked(String key, long at, Document document) { }

  private static final Comparator<Ranked> ORDER = Comparator.comparing(Ranked::key).thenComparing(Ranked::at);
  private final List<By> by = new ArrayList<>();

  SortOrder(Document sort) {
    sort.forEach((field, way) -> by.add(new By(new FieldPath(field), way instanceof Number number && number.intValue() > 0)));
  }

  /** Stable; with {@code most} above 0 only so many are kept. */
  Stream<Document> sort(Stream<Document> documents, int most) {
    long[] count = { 0 };
    Stream<Ranked> ranked = documents.map(document -> new Ranked(keyOf(document), count[0]++, document));
    if (most <= 0) return ranked.sorted(ORDER).map(Ranked::document);
    PriorityQueue<Ranked> kept = new PriorityQueue<>(ORDER.reversed());
    ranked.forEach(each -> {
      kept.add(each);
      if (kept.size() > most) kept.poll();
    });
    return kept.stream().sorted(ORDER).map(Ranked::document);
  }

  /** An array counts with its least element, or descending with its greatest. */
  private String keyOf(Document document) {
    StringBuilder key = new StringBuilder();
    for (By each : by) {
      Object value = each.field.of(document);
      String encoded;
      if (value instanceof Collection<?> elements) {
        Comparator<String> wanted = each.ascending ? Comparator.reverseOrder() : Comparator.naturalOrder();
        encoded = elements.stream().map(KeyCodec::encode).max(wanted).orElse(KeyCodec.EMPTY_ARRAY);
      } else encoded = KeyCodec.encode(value);
      key.append(each.ascending ? encoded : KeyCodec.invert(encoded));
    }
    return key.toString();
  }
}
