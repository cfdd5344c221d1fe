package io.fanfare.audience.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvRecordsTest {

  private static final CsvFormat FORMAT = new CsvFormat(',', '"');
  private static final int PIECE = 16;

  @Test
  void readsQuotedDelimitersQuotesAndLineEnds() {
    assertThat(cells("a,\"b,\"\"c\"\"\r\nd\",\"\"\r\n\r\ne,,\n"))
        .containsExactly(List.of("a", "b,\"c\"\r\nd", ""), List.of("e", "", ""));
  }

  @Test
  void endsRecordsByAnyLineEnd() {
    assertThat(cells("a\nb\r\nc\rd")).containsExactly(l("a"), l("b"), l("c"), l("d"));
    assertThat(records("a\nb\r\nc\rd"))
        .extracting(FileRecord::line)
        .containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void losesOneLineToAQuoteThatIsNotClosed() {
    List<FileRecord> records = records("a,b\nc,\"d\ne,f\ng,h\n");
    assertThat(records.stream().map(r -> r.fault() == null ? r.text() : r.fault().code()).toList())
        .containsExactly("a,b", "unclosed_quote", "e,f", "g,h");
    assertThat(records.get(1).text()).isEqualTo("c,\"d");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a,\"b\"c     | stray_quote",
        "a,b\"c       | stray_quote",
        "a,\"b        | unclosed_quote",
        "a,\0b        | nul_character"
      })
  void saysWhatIsWrongAndGoesOn(String line, String code) {
    List<FileRecord> records = records(line.strip() + "\nnext,one\n");
    assertThat(records).hasSize(2);
    assertThat(records.getFirst().fault().code()).isEqualTo(code);
    assertThat(records.getLast().fault()).isNull();
  }

  @Test
  void namesTheByteThatIsNotUtf8() {
    byte[] latin = "id,n\u00e4me\nx,y\n".getBytes(StandardCharsets.ISO_8859_1);
    List<FileRecord> records = records(latin);
    assertThat(records.getFirst().fault())
        .isEqualTo(new FileRecord.Fault("wrong_encoding", "byte 5 of the record is not UTF-8"));
    assertThat(records.getLast().fault()).isNull();
    // The replacement character itself is a character like others.
    assertThat(records("a\uFFFD\n").getFirst().fault()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"x", "'\"x'", "'\"x\n'"})
  void holdsLittleOfAnEndlessRecord(String begin) {
    AtomicInteger pieces = new AtomicInteger();
    int piece = 64 * 1024;
    byte[] x = "x".repeat(piece).getBytes(StandardCharsets.UTF_8);
    byte[] first = (begin + "x".repeat(piece)).substring(0, piece).getBytes(StandardCharsets.UTF_8);
    byte[] last = "x\nnext\n".getBytes(StandardCharsets.UTF_8);
    ByteWindow window =
        new ByteWindow(
            offset -> {
              pieces.incrementAndGet();
              return offset == 0
                  ? first
                  : offset < 160L * piece ? x : offset == 160L * piece ? last : new byte[0];
            },
            piece,
            0);
    CsvRecords records = new CsvRecords(window, FORMAT, 0, 1);
    List<FileRecord> all = new ArrayList<>();
    for (FileRecord r = records.next(); r != null; r = records.next()) {
      all.add(r);
    }
    assertThat(all.getFirst().fault()).isNotNull();
    assertThat(all.getFirst().text().length()).isLessThanOrEqualTo(4_000);
    assertThat(all.getLast().text()).isEqualTo("next");
    assertThat(all.getLast().fault()).isNull();
    // 10 MB went through, each piece once.
    assertThat(pieces.get()).isBetween(160, 163);
  }

  @Test
  void goesOnFromAnyPosition() {
    byte[] file = "a,\"x\ny\"\r\nb,2\nc,3".getBytes(StandardCharsets.UTF_8);
    CsvRecords whole = new CsvRecords(window(file, 0), FORMAT, 0, 1);
    List<String> expected = new ArrayList<>();
    for (FileRecord r = whole.next(); r != null; r = whole.next()) {
      expected.add(r.line() + r.text());
    }
    CsvRecords part = new CsvRecords(window(file, 0), FORMAT, 0, 1);
    List<String> read = new ArrayList<>();
    while (true) {
      CsvRecords again =
          new CsvRecords(window(file, part.position()), FORMAT, part.position(), part.line());
      FileRecord r = again.next();
      if (r == null) {
        break;
      }
      read.add(r.line() + r.text());
      part = again;
    }
    assertThat(read).isEqualTo(expected).hasSize(3);
  }

  @Test
  void readsWhatWasWritten() {
    Random random = new Random(7);
    String alphabet = "ab'=+-@\t\r\n\",;\u00e4\ud83d\ude00 ";
    for (int run = 0; run < 300; run++) {
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        StringBuilder cell = new StringBuilder(i == 0 ? "k" : "");
        for (int c = random.nextInt(6); c > 0; c--) {
          int at = random.nextInt(alphabet.codePointCount(0, alphabet.length()));
          cell.appendCodePoint(alphabet.codePointAt(alphabet.offsetByCodePoints(0, at)));
        }
        cells.add(cell.toString());
      }
      StringBuilder text = new StringBuilder();
      CsvText.append(text, cells);
      List<String> read = cells(text.toString()).getFirst();
      assertThat(read).allMatch(cell -> cell.isEmpty() || "=+-@\t\r".indexOf(cell.charAt(0)) < 0);
      assertThat(read.stream().map(CsvText::plain).toList()).isEqualTo(cells);
    }
  }

  @Test
  void findsTheDelimiter() {
    assertThat(CsvFormat.detectDelimiter("a;\"b,c,d\";e", '"')).isEqualTo(';');
    assertThat(CsvFormat.detectDelimiter("a\tb", '"')).isEqualTo('\t');
    assertThat(CsvFormat.detectDelimiter("a", '"')).isEqualTo(',');
  }

  private static List<String> l(String cell) {
    return List.of(cell);
  }

  private static List<List<String>> cells(String file) {
    return records(file).stream().map(record -> FORMAT.cells(record.text())).toList();
  }

  private static List<FileRecord> records(String file) {
    return records(file.getBytes(StandardCharsets.UTF_8));
  }

  private static List<FileRecord> records(byte[] file) {
    CsvRecords records = new CsvRecords(window(file, 0), FORMAT, 0, 1);
    List<FileRecord> all = new ArrayList<>();
    for (FileRecord r = records.next(); r != null; r = records.next()) {
      all.add(r);
    }
    return all;
  }

  private static ByteWindow window(byte[] file, long offset) {
    return new ByteWindow(
        at -> {
          int from = (int) (at / PIECE) * PIECE;
          return from >= file.length
              ? new byte[0]
              : Arrays.copyOfRange(file, from, Math.min(file.length, from + PIECE));
        },
        PIECE,
        offset);
  }
}
