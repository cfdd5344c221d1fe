package io.fanfare.dispatch.channel.telegram;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;
import org.jspecify.annotations.Nullable;

/**
 * Ends answers that are longer than anything the Bot API says, counted after decompression: a host
 * that a tenant chose must not fill this worker's memory.
 */
final class BoundedAnswers implements Interceptor {

  /** Longest answer that is read, in bytes. */
  static final long MOST_BYTES = 1_000_000;

  /** An answer is longer than {@link #MOST_BYTES}. */
  static final class TooLong extends IOException {

    private static final long serialVersionUID = 1L;

    TooLong() {
      super("the answer is longer than " + MOST_BYTES + " bytes");
    }
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    ResponseBody body = response.body();
    return body == null ? response : response.newBuilder().body(new Bounded(body)).build();
  }

  private static final class Bounded extends ResponseBody {

    private final ResponseBody body;
    private final BufferedSource source;

    Bounded(ResponseBody body) {
      this.body = body;
      this.source = Okio.buffer(new BoundedSource(body.source()));
    }

    @Override
    public @Nullable MediaType contentType() {
      return body.contentType();
    }

    @Override
    public long contentLength() {
      return body.contentLength();
    }

    @Override
    public BufferedSource source() {
      return source;
    }
  }

  private static final class BoundedSource extends ForwardingSource {

    private long read;

    BoundedSource(Source source) {
      super(source);
    }

    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
      long more = super.read(sink, byteCount);
      read += Math.max(0, more);
      if (read > MOST_BYTES) {
        throw new TooLong();
      }
      return more;
    }
  }
}
