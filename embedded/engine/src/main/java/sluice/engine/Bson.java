package sluice.engine;

import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import de.bwaldvogel.mongo.wire.BsonConstants;
import de.bwaldvogel.mongo.wire.bson.*;
import io.netty.buffer.*;
import java.util.Arrays;

/** Documents to stored bytes and back. What is stored is never shared with what is being changed or sent. */
final class Bson {
  private Bson() { }

  static byte[] encode(Document document) {
    ByteBuf buffer = Unpooled.buffer(1024);
    BsonEncoder.encodeDocument(document, buffer);
    if (buffer.writerIndex() > BsonConstants.MAX_BSON_OBJECT_SIZE) {
      throw new MongoServerError(10334, "BSONObjectTooLarge", "a document of " + buffer.writerIndex() + " bytes is too large");
    }
    return Arrays.copyOf(buffer.array(), buffer.writerIndex());
  }

  static Document decode(byte[] stored) {
    return BsonDecoder.decodeBson(Unpooled.wrappedBuffer(stored));
  }
}
