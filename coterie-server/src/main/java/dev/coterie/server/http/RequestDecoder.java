// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/// Bytes to requests, strictly: line ends are CR LF, sizes are limited, and a request whose end
/// could be read in two ways is broken. Tells the connection of every read, for its time limits.
final class RequestDecoder extends HttpRequestDecoder {
  private static final int CHUNK_BYTES_MAX = 64 * 1024;
  private final HttpConnection connection;

  RequestDecoder(HttpConnection connection) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(HttpLimits.REQUEST_LINE_BYTES_MAX)
            .setMaxHeaderSize(HttpLimits.HEADER_BYTES_MAX)
            .setMaxChunkSize(CHUNK_BYTES_MAX)
            .setInitialBufferSize(512)
            .setValidateHeaders(true)
            .setAllowDuplicateContentLengths(false)
            .setStrictLineParsing(true));
    this.connection = connection;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof ByteBuf bytes) {
      connection.bytesArrived(bytes.readableBytes());
    }
    super.channelRead(context, message);
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("Transfer-Encoding with Content-Length");
  }
}
