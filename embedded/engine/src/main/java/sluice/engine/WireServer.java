package sluice.engine;

import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.*;
import de.bwaldvogel.mongo.wire.message.*;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.*;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Speaks MongoDB's wire protocol on the loopback address. A connection's commands run on its thread; answers may come later. */
final class WireServer {
  private final EngineBackend backend;
  private final EventLoopGroup connections;
  private final AtomicInteger answers = new AtomicInteger();
  private Channel listening;

  WireServer(EngineBackend backend, int threads) {
    this.backend = backend;
    connections = new MultiThreadIoEventLoopGroup(threads, NioIoHandler.newFactory());
  }

  /** Returns the port, which is a free one when 0 was asked for. */
  int listen(int port) {
    listening = new ServerBootstrap().group(connections).channel(NioServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, 512).childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(new ChannelInitializer<SocketChannel>() {
          @Override protected void initChannel(SocketChannel channel) {
            channel.pipeline().addLast(new MongoWireReplyEncoder(), new MongoWireMessageEncoder(), new MongoWireProtocolHandler(),
                new Connection(), new MongoExceptionHandler());
          }
        }).bind("127.0.0.1", port).syncUninterruptibly().channel();
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  void close() {
    listening.close();
    connections.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1500);
  }

  private final class Connection extends SimpleChannelInboundHandler<ClientRequest> {
    @Override protected void channelRead0(ChannelHandlerContext context, ClientRequest request) {
      Channel channel = context.channel();
      MessageHeader header = new MessageHeader(answers.incrementAndGet(), request.getHeader().getRequestID());
      if (request instanceof MongoMessage message) {
        backend.handle(channel, message.getDatabaseName(), message.getDocument(),
            answer -> channel.writeAndFlush(new MongoMessage(channel, header, answer)));
      } else if (request instanceof MongoQuery query && query.getCollectionName().equals("$cmd")) { // a driver's first hello
        backend.handle(channel, query.getDatabaseName(), query.getQuery(),
            answer -> channel.writeAndFlush(new MongoReply(header, answer)));
      } else {
        context.close();
      }
    }

    @Override public void channelInactive(ChannelHandlerContext context) {
      backend.handleClose(context.channel());
    }
  }
}
