package sluice.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import de.bwaldvogel.mongo.backend.*;
import de.bwaldvogel.mongo.bson.*;
import java.time.Instant;
import java.util.*;
import java.util.stream.Stream;

/**
 * Turns values into strings of the characters 0 to 255 in MongoDB's order of the values. No encoded value is the
 * beginning of another, so encoded values can be strung together into the key of a compound index.
 */
final class KeyCodec {
  /** Above every encoded value; above the mark under the empty key; an empty array as a sort key, before null. */
  static final String END = "\uffff", START = "\u0001", EMPTY_ARRAY = "\u0006";
  private static final char NULL = 8, NUMBER = 16, STRING = 20, DOCUMENT = 24, ARRAY = 28, BINARY = 32,
      OBJECT_ID = 44, BOOLEAN = 48, DATE = 52, OTHER = 60;
  static String encode(Object value) { return append(new StringBuilder(48), value).toString(); }
  static String encode(Object value, boolean ascending) { return ascending ? encode(value) : invert(encode(value)); }
  /** The same values in the opposite order. */
  private static String invert(String key) {
    char[] inverted = key.toCharArray();
    for (int i = 0; i < inverted.length; i++) inverted[i] = (char) (255 - inverted[i]);
    return new String(inverted);
  }
  /** A limit in the opposite order: what was before it comes after it. */
  static String mirror(String limit) {
    return limit.endsWith(END) ? invert(limit.substring(0, limit.length() - 1)) : invert(limit) + END;
  }
  /** The place of a document in a sort; an array counts with its least element, or descending with its greatest. */
  static String encode(Document document, Document sort) {
    StringBuilder key = new StringBuilder();
    sort.forEach((field, way) -> {
      boolean up = ((Number) way).intValue() > 0;
      Object value = Utils.getSubdocumentValueCollectionAware(document, field);
      Stream<?> all = value instanceof Collection<?> several ? several.stream() : Stream.of(value);
      String one = all.map(KeyCodec::encode).reduce((a, b) -> up == a.compareTo(b) < 0 ? a : b).orElse(EMPTY_ARRAY);
      key.append(up ? one : invert(one));
    });
    return key.toString();
  }
  private static StringBuilder append(StringBuilder out, Object value) {
    if (value == null || value instanceof Missing) return out.append(NULL);
    if (value instanceof String x) return appendString(out.append(STRING), x);
    if (value instanceof Number x) return appendNumber(out.append(NUMBER), x);
    if (value instanceof Instant x) return appendLong(out.append(DATE), x.toEpochMilli() ^ Long.MIN_VALUE);
    if (value instanceof ObjectId x) return appendBytes(out.append(OBJECT_ID), x.toByteArray());
    if (value instanceof Boolean x) return out.append(BOOLEAN).append(x ? (char) 1 : (char) 0);
    if (value instanceof BinData x) return appendBytes(appendLong(out.append(BINARY), x.getData().length), x.getData());
    if (value instanceof Collection<?> values) {
      out.append(ARRAY);
      values.forEach(each -> append(out, each));
    } else if (value instanceof Document document) {
      out.append(DOCUMENT); // each field as type, name, value
      document.forEach((name, field) -> appendString(out.append(encode(field).charAt(0)), name).append(encode(field)));
    } else return appendString(out.append(OTHER), value.toString());
    return out.append((char) 0);
  }
  /** The bits of the double in order, then what a long has beyond its double. */
  private static StringBuilder appendNumber(StringBuilder out, Number value) {
    double number = value.doubleValue() == 0 ? 0.0 : value.doubleValue();
    long bits = Double.doubleToLongBits(number), rest = value instanceof Long x ? x - (long) number : 0;
    appendLong(out, bits < 0 ? ~bits : bits ^ Long.MIN_VALUE).append((char) (128 + Long.signum(rest)));
    return rest == 0 ? out : appendLong(out, rest ^ Long.MIN_VALUE);
  }
  private static StringBuilder appendLong(StringBuilder out, long value) {
    for (int shift = 56; shift >= 0; shift -= 8) out.append((char) (value >>> shift & 255));
    return out;
  }
  private static StringBuilder appendBytes(StringBuilder to, byte[] x) { return to.append(new String(x, ISO_8859_1)); }
  /** Each UTF-16 unit plus one, spread over bytes as UTF-8 does, and a 0 at the end. */
  private static StringBuilder appendString(StringBuilder out, String value) {
    for (int i = 0; i < value.length(); i++) {
      int unit = value.charAt(i) + 1;
      if (unit < 0x80) out.append((char) unit);
      else if (unit < 0x800) out.append((char) (0xC0 | unit >> 6));
      else out.append((char) (0xE0 + (unit >> 12))).append((char) (0x80 | unit >> 6 & 63));
      if (unit >= 0x80) out.append((char) (0x80 | unit & 63));
    }
    return out.append((char) 0);
  }
}
