package io.fanfare.benchmark;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** A generated file of contacts, made while it is read; row 51 of each hundred is bad. */
final class ImportFile extends InputStream {

  private static final String[] ZONES = {"Europe/Berlin", "America/New_York", "Asia/Kolkata"};
  private static final String[] COUNTRIES = {"DE", "US", "IN"};

  private final int rows;
  private int next = -1;
  private byte[] buffer = new byte[0];
  private int at;

  ImportFile(int rows) {
    this.rows = rows;
  }

  static boolean isBad(int row) {
    return row % 100 == 50;
  }

  static int bad(int rows) {
    return rows / 100 + (rows % 100 > 50 ? 1 : 0);
  }

  private static String row(int i) {
    if (isBad(i)) {
      String shape =
          switch (i / 100 % 4) {
            case 0 -> "b-%07d,Bad %d,nobody at home,+44 20 1,en,Europe/London,GB,x,1,2020-01-01\n";
            case 1 -> "b-%07d,Bad %d\n";
            case 2 ->
                "b-%07d,\"Bad %d\"s,b@example.org,+44 20 1,en,Europe/London,GB,x,1,2020-01-01\n";
            default ->
                "b-%07d,Bad %d,b@example.org,+44 20 1,en,Europe/London,GB,x,one,2020-01-01\n";
          };
      return shape.formatted(i, i);
    }
    return "s-%07d,\"Student, No. %d\",student%d@example.org,+44 20 %07d,en,%s,%s,"
            .formatted(i, i, i, i, ZONES[i % 3], COUNTRIES[i % 3])
        + "student;year-%d,%d,20%02d-0%d-1%d\n".formatted(i % 5, i % 13, i % 26, i % 9 + 1, i % 10);
  }

  private boolean fill() {
    if (next == rows) {
      return false;
    }
    StringBuilder text = new StringBuilder();
    if (next < 0) {
      text.append("external_id,name,email,phone,language,time_zone,country,tags,")
          .append("custom.grade:number,custom.since:date\n");
      next = 0;
    }
    for (int i = 0; i < 500 && next < rows; i++) {
      text.append(row(next++));
    }
    buffer = text.toString().getBytes(StandardCharsets.UTF_8);
    at = 0;
    return true;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    if (at == buffer.length && !fill()) {
      return -1;
    }
    int count = Math.min(length, buffer.length - at);
    System.arraycopy(buffer, at, target, offset, count);
    at += count;
    return count;
  }
}
