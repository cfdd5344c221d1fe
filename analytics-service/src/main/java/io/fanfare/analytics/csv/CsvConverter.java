package io.fanfare.analytics.csv;

import com.opencsv.CSVWriter;
import com.opencsv.ICSVWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;

/** Writes tables as CSV (RFC 4180). */
final class CsvConverter extends AbstractHttpMessageConverter<Tabular> {

  static final MediaType CSV = new MediaType("text", "csv", StandardCharsets.UTF_8);

  CsvConverter() {
    super(CSV, new MediaType("text", "csv"));
  }

  @Override
  protected boolean supports(Class<?> type) {
    return Tabular.class.isAssignableFrom(type);
  }

  @Override
  public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
    return false;
  }

  @Override
  protected Tabular readInternal(Class<? extends Tabular> type, HttpInputMessage message) {
    throw new UnsupportedOperationException("tables are answers");
  }

  @Override
  protected void writeInternal(Tabular table, HttpOutputMessage message) throws IOException {
    message.getHeaders().setContentType(CSV);
    Writer text = new OutputStreamWriter(message.getBody(), StandardCharsets.UTF_8);
    try (CSVWriter csv =
        new CSVWriter(
            text,
            ICSVWriter.DEFAULT_SEPARATOR,
            ICSVWriter.DEFAULT_QUOTE_CHARACTER,
            ICSVWriter.DEFAULT_QUOTE_CHARACTER,
            ICSVWriter.RFC4180_LINE_END)) {
      csv.writeNext(table.csvHeader().toArray(String[]::new), false);
      for (List<@Nullable Object> row : table.csvRows()) {
        csv.writeNext(row.stream().map(CsvCells::text).toArray(String[]::new), false);
      }
    }
  }
}
