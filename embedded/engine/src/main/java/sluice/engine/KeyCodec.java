package sluice.engine;

import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.bson.*;
import java.time.Instant;
import java.util.*;

/**
 * Turns values into strings of the characters 0 to 255 whose order is MongoDB's order of the values. No encoded value is
 * the beginning of another, so encoded values can be strung together into the key of a compound index.
 */
final class KeyCodec {
  /** Above every encoded value. */
  static final String END = "\uffff";
  /** Above the mark under the empty key, below every encoded value. */
  static final String START = "\u0001";
  /** An empty array as a sort key: before null, after MinKey. */
  static final String EMPTY_ARRAY = "\u0006";

  private static final char MIN_KEY = 4, NULL = 8, NUMBER = 16, STRING = 20, DOCUMENT = 24, ARRAY = 28, BINARY = 32,
      LEGACY_UUID = 36, UUID_VALUE = 40, OBJECT_ID = 44, BOOLEAN = 48, DATE = 52, TIMESTAMP = 56, OTHER = 60, MAX_KEY = 64;

  private KeyCodec() { }

  static String encode(Object value) {
    StringBuilder out = new StringBuilder(48);
    append(out, value);
    return out.toString();
  }

  static String encode(Object value, boolean ascending) {
    return ascending ? encode(value) : invert(encode(value));
  }

  /** The same values in the opposite order. */
  static String invert(String key) {
    char[] inverted = key.toCharArray();
    for (int i = 0; i < inverted.length; i++) inverted[i] = (char) (255 - inverted[i]);
    return new String(inverted);
  }

  private static void append(StringBuilder out, Object value) {
    if (value == null || value instanceof Missing) out.append(NULL);
    else if (value instanceof String x) appendString(out.append(STRING), x);
    else if (value instanceof Number x) appendNumber(out.append(NUMBER), x);
    else if (value instanceof Instant x) appendLong(out.append(DATE), x.toEpochMilli() ^ Long.MIN_VALUE);
    else if (value instanceof ObjectId x) appendBytes(out.append(OBJECT_ID), x.toByteArray());
    else if (value instanceof Boolean x) out.append(BOOLEAN).append(x ? (char) 1 : (char) 0);
    else if (value instanceof Document x) appendDocument(out.append(DOCUMENT), x);
    else if (value instanceof Collection<?> x) appendArray(out.append(ARRAY), x);
    else if (value instanceof BinData x) appendBytes(appendLong(out.append(BINARY), x.getData().length), x.getData());
    else if (value instanceof UUID x) appendUuid(out.append(UUID_VALUE), x);
    else if (value instanceof LegacyUUID x) appendUuid(out.append(LEGACY_UUID), x.getUuid());
    else if (value instanceof BsonTimestamp x) appendLong(out.append(TIMESTAMP), x.getValue());
    else if (value instanceof MinKey) out.append(MIN_KEY);
    else if (value instanceof MaxKey) out.append(MAX_KEY);
    else appendString(out.append(OTHER), value.toString());
  }

  /** The bits of the double in order, then what a long has beyond its double. */
  private static void appendNumber(StringBuilder out, Number value) {
    double number = value.doubleValue() == 0 ? 0.0 : value.doubleValue();
    long bits = Double.doubleToLongBits(number);
    long rest = value instanceof Long x ? x - (long) number : 0;
    appendLong(out, bits < 0 ? ~bits : bits ^ Long.MIN_VALUE);
    out.append((char) (128 + Long.signum(rest)));
    if (rest != 0) appendLong(out, rest ^ Long.MIN_VALUE);
  }

  /** Fields in their order, each as type, name, value: so MongoDB compares documents. */
  private static void appendDocument(StringBuilder out, Document value) {
    value.forEach((name, field) -> {
      String encoded = encode(field);
      appendString(out.append(encoded.charAt(0)), name);
      out.append(encoded);
    });
    out.append((char) 0);
  }

  private static void appendArray(StringBuilder out, Collection<?> values) {
    for (Object value : values) append(out, value);
    out.append((char) 0);
  }

  private static StringBuilder appendLong(StringBuilder out, long value) {
    for (int shift = 56; shift >= 0; shift -= 8) out.append((char) (value >>> shift & 255));
    return out;
  }

  private static void appendUuid(StringBuilder out, UUID value) {
    appendLong(appendLong(out, value.getMostSignificantBits()), value.getLeastSignificantBits());
  }

  private static void appendBytes(StringBuilder out, byte[] bytes) {
    for (byte each : bytes) out.append((char) (each & 255));
  }

  /** Each UTF-16 unit plus one, spread over bytes as UTF-8 does, and a 0 at the end. */
  private static void appendString(StringBuilder out, String value) {
    for (int i = 0; i < value.length(); i++) {
      int unit = value.charAt(i) + 1;
      if (unit < 0x80) out.append((char) unit);
      else if (unit < 0x800) out.append((char) (0xC0 | unit >> 6)).append((char) (0x80 | unit & 63));
      else out.append((char) (0xE0 + (unit >> 12))).append((char) (0x80 | unit >> 6 & 63)).append((char) (0x80 | unit & 63));
    }
    out.append((char) 0);
  }
}
