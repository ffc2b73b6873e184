using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Shouldly;
using VolunteerBook.Ledger.Transparency;

namespace VolunteerBook.Ledger.Tests.Transparency;

/// <summary>What a leaf commits to.</summary>
[Trait("Feature", "N4")]
public sealed class EventRecordTests
{
    private static readonly EventRecord Stored = new(
        7, new Guid("7b1c0c3e-0f63-4f3e-9d33-1d51c3a9b7a1"), new Guid("7b1c0c3e-0f63-4f3e-9d33-1d51c3a9b7a2"), 2, "entry_submitted",
        "2026-11-23T01:02:03.000004Z", "anna", null, "cause",
        """{"kind": "person"}""", """{"revision": 1, "facts": {"project": "Ёлка"}}""");

    [Fact]
    public void the_record_is_canonical_json_of_all_that_is_stored() => Record(Stored).ShouldBe(
        """{"at":"2026-11-23T01:02:03.000004Z","by":"anna","causation":"cause","correlation":null,"data":{"facts":{"project":"Ёлка"},"revision":1},"headers":{"kind":"person"},"id":"7b1c0c3e-0f63-4f3e-9d33-1d51c3a9b7a1","sequence":7,"stream":"7b1c0c3e-0f63-4f3e-9d33-1d51c3a9b7a2","type":"entry_submitted","version":2}""");

    [Fact]
    public void what_has_no_canonical_form_stands_there_as_text_under_another_name()
    {
        Record(Stored with { Data = """{"n": 1.50}""" }).ShouldContain("""
            "dataText":"{\"n\": 1.50}"
            """.Trim());
        Record(Stored with { Data = """{"n": 9007199254740993}""" }).ShouldContain("dataText");
        Record(Stored with { Data = new string('[', 200) + new string(']', 200) }).ShouldContain("dataText");
        Record(Stored with { Headers = "1.5" }).ShouldContain("headersText");
        Record(Stored with { Headers = null }).ShouldContain("\"headers\":null");
    }

    /// <summary>Whoever reads an extract finds the event itself in it, not a text of it.</summary>
    [Fact]
    public void every_event_that_the_ledger_stores_has_a_canonical_form()
    {
        var files = Directory.GetFiles(Path.Combine(Here(), "..", "StoredEvents"), "*.json");
        files.ShouldNotBeEmpty();
        foreach (var file in files)
        {
            using var record = JsonDocument.Parse(Record(Stored with { Data = File.ReadAllText(file) }));
            record.RootElement.GetProperty("data").ValueKind.ShouldBe(JsonValueKind.Object, file);
        }
    }

    private static string Record(EventRecord stored) => Encoding.UTF8.GetString(stored.Bytes());

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
