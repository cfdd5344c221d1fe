package io.fanfare.broadcast.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.content.Media;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTypePolicyTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          image/png                 | \u0089PNG\\r\\n\\z\\n     | image/png
          image/png; charset=x      | \u0089PNG\\r\\n\\z\\n     | image/png
          IMAGE/JPEG                | \u00ff\u00d8\u00ff\u00e0  | image/jpeg
          ''                        | GIF89a                    | image/gif
          application/octet-stream  | %PDF-1.7                  | application/pdf
          image/webp                | RIFFxxxxWEBPVP8           | image/webp
          video/mp4                 | xxxxftypisom              | video/mp4
          application/zip           | PK\\3\\4                  | application/zip
          application/vnd.openxmlformats-officedocument.wordprocessingml.document | PK\\3\\4 | application/vnd.openxmlformats-officedocument.wordprocessingml.document
          text/csv                  | a,b                       | text/csv
          text/plain                | gr\u00c3\u00bc\u00c3\u009fe | text/plain
          ''                        | just text                 | text/plain
          """)
  void takesWhatIsWhatItIsSaidToBe(String declared, String head, String type) {
    assertThat(judge(declared, head)).isEqualTo(new MediaTypePolicy.Verdict(type, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          image/png       | <html><script>            | it is said to be image/png and is not
          image/png       | GIF89a                    | it is said to be image/png and is not
          application/pdf | MZ\\0                     | it is said to be application/pdf and is not
          text/plain      | a\\0b                     | it is said to be text/plain and is not
          text/plain      | \u00ff\u00fe              | it is said to be text/plain and is not
          text/html       | <html>                    | files of type text/html cannot be sent
          image/svg+xml   | <svg>                     | files of type image/svg+xml cannot be sent
          application/x-msdownload | MZ               | files of type application/x-msdownload cannot be sent
          ''              | MZ\\0\\3                  | its type is unknown
          """)
  void refusesWhatIsNot(String declared, String head, String why) {
    assertThat(judge(declared, head)).isEqualTo(new MediaTypePolicy.Verdict(null, why));
  }

  @Test
  void aTextMayBeCutInsideACharacter() {
    byte[] head = "ü".repeat(MediaTypePolicy.HEAD).getBytes(StandardCharsets.UTF_8);
    byte[] cut = java.util.Arrays.copyOfRange(head, 1, MediaTypePolicy.HEAD + 1);
    cut[0] = 'x';
    assertThat(MediaTypePolicy.judge("text/plain", cut).type()).isEqualTo("text/plain");
  }

  @ParameterizedTest
  @CsvSource({
    "PHOTO, image/png, true",
    "PHOTO, image/gif, false",
    "PHOTO, application/pdf, false",
    "VIDEO, video/mp4, true",
    "VIDEO, image/gif, false",
    "INLINE, image/gif, true",
    "INLINE, application/pdf, false",
    "DOCUMENT, application/pdf, true",
    "ATTACHMENT, text/calendar, true",
  })
  void eachKindTakesItsTypes(Media.Kind kind, String type, boolean taken) {
    assertThat(MediaTypePolicy.refusal(kind, type) == null).isEqualTo(taken);
  }

  private static MediaTypePolicy.Verdict judge(String declared, String head) {
    String bytes =
        head.replace("\\r", "\r")
            .replace("\\n", "\n")
            .replace("\\z", "\u001a")
            .replace("\\0", "\0")
            .replace("\\3", "\u0003")
            .replace("\\4", "\u0004");
    return MediaTypePolicy.judge(declared, bytes.getBytes(StandardCharsets.ISO_8859_1));
  }
}
