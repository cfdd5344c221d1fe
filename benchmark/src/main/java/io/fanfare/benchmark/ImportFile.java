package io.fanfare.benchmark;

import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** A generated file of contacts, made while it is read; row 51 of each hundred is bad. */
final class ImportFile extends InputStream {

  private static final String[] ZONES = {"Europe/Berlin", "America/New_York", "Asia/Kolkata"};
  private static final String[] OTHERS = {"DE", "FR", "ES", "IN", "US"};
  private static final String[] LANGUAGES = {"en-GB", "en-US", "de-DE", "fr-FR", "es-ES", "hi-IN"};
  private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);

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
            case 0 ->
                "b-%07d,Bad %d,nobody at home,+44 20 1,en,Europe/London,GB,x,1,2020-01-01,,,,\n";
            case 1 -> "b-%07d,Bad %d\n";
            case 2 ->
                "b-%07d,\"Bad %d\"s,b@example.org,+44 20 1,en,Europe/London,GB,x,1,2020-01-01,,,,\n";
            default ->
                "b-%07d,Bad %d,b@example.org,+44 20 1,en,Europe/London,GB,x,one,2020-01-01,,,,\n";
          };
      return shape.formatted(i, i);
    }
    return "s-%07d,\"Student, No. %d\",student%d@example.org,+44 20 %07d,%s,%s,%s,"
            .formatted(
                i,
                i,
                i,
                i,
                LANGUAGES[(int) (i * 7L % 6)],
                ZONES[i % 3],
                i % 10 > 0 ? "GB" : OTHERS[i / 10 % 5])
        + "year-%d%s,%d,%s,"
            .formatted(i % 5, i % 4 == 0 ? ";newsletter" : "", i % 13, TODAY.minusDays(i % 1_500))
        + "%s,%s,%s,t-%d\n"
            .formatted(
                i % 3 == 0 ? Integer.toString(1_000_000 + i) : "",
                i % 20 == 0 ? "teacher" : i % 50 == 1 ? "tutor;student" : "student",
                BigDecimal.valueOf(i * 7_919L % 10_000, 1),
                i % 10_000);
  }

  private boolean fill() {
    if (next == rows) {
      return false;
    }
    StringBuilder text = new StringBuilder();
    if (next < 0) {
      text.append("external_id,name,email,phone,language,time_zone,country,tags,")
          .append("custom.grade:number,custom.since:date,")
          .append("telegram_chat_id,roles,custom.score:number,custom.tutor\n");
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
