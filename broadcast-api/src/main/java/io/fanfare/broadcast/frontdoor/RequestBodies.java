package io.fanfare.broadcast.frontdoor;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Requests whose bodies are held in memory or counted while they are read. */
public final class RequestBodies {

  private RequestBodies() {}

  /** More came than a request may hold. */
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    private final long limit;

    TooLarge(long limit) {
      super("the body is larger than " + limit + " bytes");
      this.limit = limit;
    }

    long limit() {
      return limit;
    }
  }

  /** The request with a body that has been read already. */
  public static HttpServletRequest buffered(HttpServletRequest request, byte[] body) {
    return new WithBody(request, new StreamOf(new ByteArrayInputStream(body)), body.length);
  }

  /** The request with a body that fails with {@link TooLarge} beyond the limit, in bytes. */
  static HttpServletRequest limited(HttpServletRequest request, long limit) throws IOException {
    return new WithBody(
        request,
        new StreamOf(new Counting(request.getInputStream(), limit)),
        request.getContentLengthLong());
  }

  private static final class WithBody extends HttpServletRequestWrapper {

    private final ServletInputStream body;
    private final long length;

    WithBody(HttpServletRequest request, ServletInputStream body, long length) {
      super(request);
      this.body = body;
      this.length = length;
    }

    @Override
    public ServletInputStream getInputStream() {
      return body;
    }

    @Override
    public BufferedReader getReader() {
      return new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    @Override
    public int getContentLength() {
      return length > Integer.MAX_VALUE ? -1 : (int) length;
    }

    @Override
    public long getContentLengthLong() {
      return length;
    }
  }

  private static final class Counting extends InputStream {

    private final InputStream source;
    private final long limit;
    private long count;

    Counting(InputStream source, long limit) {
      this.source = source;
      this.limit = limit;
    }

    @Override
    public int read() throws IOException {
      int next = source.read();
      count(next < 0 ? 0 : 1);
      return next;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = source.read(target, offset, length);
      count(Math.max(0, read));
      return read;
    }

    private void count(int read) throws TooLarge {
      count += read;
      if (count > limit) {
        throw new TooLarge(limit);
      }
    }
  }

  private static final class StreamOf extends ServletInputStream {

    private final InputStream source;
    private boolean finished;

    StreamOf(InputStream source) {
      this.source = source;
    }

    @Override
    public int read() throws IOException {
      int next = source.read();
      finished = next < 0;
      return next;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = source.read(target, offset, length);
      finished = read < 0;
      return read;
    }

    @Override
    public boolean isFinished() {
      return finished;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new IllegalStateException("this body is read by blocking reads only");
    }
  }
}
