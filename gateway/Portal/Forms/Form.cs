using System.Globalization;
using Microsoft.Extensions.Localization;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Portal.Api;
using VolunteerBook.Portal.Store;

namespace VolunteerBook.Portal.Forms;

/// <summary>
/// What was typed into a form, exactly so, and what is wrong with it. Inputs are named by the JSON path of the API's field
/// (<c>shifts[0].minutes</c>), so that a refusal finds its input. Everything stays text until it is read: a wrong date is kept and marked.
/// </summary>
public sealed class Form
{
    readonly Dictionary<string, string> values = [];
    readonly Dictionary<string, List<string>> errors = [];

    /// <summary>The form was sent and is to be acted on.</summary>
    public bool Sent { get; private init; }

    /// <summary>The session had ended when it was sent; it is shown again for sending.</summary>
    public bool WasKept { get; private init; }

    /// <summary>The files that were chosen, each under its input's name. They are not kept: a page shows the form without them.</summary>
    public IReadOnlyDictionary<string, IFormFile> Files { get; private init; } = new Dictionary<string, IFormFile>();

    /// <summary>The one file of a form that asks for no more, or null.</summary>
    public IFormFile? File => Files.Values.FirstOrDefault();

    /// <summary>Which of the form's buttons was pressed; empty for the first.</summary>
    public string Do => this["do"];

    /// <summary>Makes a second sending of the same form harmless; goes with the request.</summary>
    public string IdempotencyKey { get; private set; } = NewKey();

    /// <summary>The version of the thing that the person saw.</summary>
    public string? ETag { get; set; }

    /// <summary>Messages about the form as a whole.</summary>
    public List<string> General { get; } = [];

    /// <summary>Messages by input.</summary>
    public IReadOnlyDictionary<string, List<string>> Errors => errors;

    /// <summary>The thing was changed by somebody else since it was read.</summary>
    public bool Stale { get; private set; }

    /// <summary>Nothing is wrong so far.</summary>
    public bool IsValid => errors.Count == 0 && General.Count == 0;

    /// <summary>What was typed, or empty.</summary>
    public string this[string name]
    {
        get => values.GetValueOrDefault(name, "");
        set => values[name] = value;
    }

    /// <summary>What was typed without surrounding space, or null when that is nothing.</summary>
    public string? Text(string name) => this[name].Trim() is { Length: > 0 } text ? text : null;

    /// <summary>All values whose name starts so, for repeated inputs.</summary>
    public IEnumerable<KeyValuePair<string, string>> Under(string prefix) => values.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Forgets an input.</summary>
    public void Remove(string name) => values.Remove(name);

    /// <summary>Marks an input.</summary>
    public void Fail(string name, string message)
    {
        if (!errors.TryGetValue(name, out var messages)) errors[name] = messages = [];
        if (!messages.Contains(message)) messages.Add(message);
    }

    /// <summary>Marks an input that must not be empty or too long; gives its text.</summary>
    public string? Require(string name, IStringLocalizer t, int max = 200)
    {
        var text = Text(name);
        if (text is null) Missing(name, t);
        else if (text.Length > max) Fail(name, t["form.too-long", max]);
        return text;
    }

    /// <summary>Marks an input that was left empty, saying what belongs there.</summary>
    public void Missing(string name, IStringLocalizer t) =>
        Fail(name, t["missing." + name] is { ResourceNotFound: false } text ? text : t["form.required"]);

    /// <summary>A calendar day, or null when none was given; marks what is no day.</summary>
    public DateOnly? Day(string name, IStringLocalizer t)
    {
        if (Text(name) is not { } text) return null;
        string[] forms = ["yyyy-MM-dd", "d.M.yyyy"];
        if (DateOnly.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        Fail(name, t["shift.date-wrong"]);
        return null;
    }

    /// <summary>A moment by Moscow's clock, or null when none was given; marks what is no moment.</summary>
    public DateTimeOffset? Moment(string name, IStringLocalizer t)
    {
        if (Text(name) is not { } text) return null;
        string[] forms = ["yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "d.M.yyyy H:mm", "yyyy-MM-dd", "d.M.yyyy"];
        if (DateTime.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && local.Year is > 1950 and < 2200)
        {
            return WallClock.Read(local, TimeZoneInfo.FindSystemTimeZoneById(Parts.Say.DefaultZone)).Earlier.ToUniversalTime();
        }

        Fail(name, t["form.moment-wrong"]);
        return null;
    }

    /// <summary>A moment as an input for <see cref="Moment"/> shows it.</summary>
    public static string Local(DateTimeOffset moment) =>
        TimeZoneInfo.ConvertTime(moment, TimeZoneInfo.FindSystemTimeZoneById(Parts.Say.DefaultZone)).ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);

    /// <summary>A whole number within bounds, or null when none was given; marks any other.</summary>
    public int? Number(string name, int least, int most, IStringLocalizer t)
    {
        if (Text(name) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        Fail(name, t["form.number-wrong", least, most]);
        return null;
    }

    /// <summary>Takes over a refusal: each message beside its input, the rest above the form, in the person's language.</summary>
    public void Take(Problem problem, IStringLocalizer t)
    {
        // A request that may have been carried out keeps its key, so that sending again has one effect; a refused one was not.
        if (!problem.IsPassing) IdempotencyKey = NewKey();
        Stale = problem.Status is StatusCodes.Status412PreconditionFailed;

        var known = Rule(problem.Code);
        // Only bad input is the inputs' matter; a header or a signature is nothing that anybody typed.
        var fields = problem.Status is StatusCodes.Status400BadRequest ? problem.Errors ?? [] : [];
        foreach (var (path, messages) in fields)
        {
            var codes = problem.Codes?.GetValueOrDefault(path) ?? [];
            for (var i = 0; i < messages.Length; i++)
            {
                var rule = i < codes.Length ? Rule(codes[i]) : known;
                Fail(path, rule.ResourceNotFound ? t["form.refused", messages[i]] : rule);
            }
        }

        if (fields.Count > 0) return;
        var status = t["problem.status." + problem.Status];
        General.Add(!known.ResourceNotFound ? known : !status.ResourceNotFound ? status : t["problem.unknown", problem.Status, problem.TraceId ?? "—"]);
        if (problem.Reason is { } code) General.Add(t["reason." + code] is { ResourceNotFound: false } reason ? reason : code);

        // Where documents lack characters, the rule says which, and where they stand.
        LocalizedString Rule(string code) => problem.Characters is { } characters
            ? t["problem." + code, problem.Texts is { Count: > 0 } texts
                ? $"{characters} ({string.Join(", ", texts.Select(text => $"«{text}»"))})"
                : characters]
            : problem.Columns is { } columns ? t["problem." + code, string.Join(", ", columns.Select(column => $"«{column}»"))]
            : problem.Line is { } line ? t["problem." + code, line] : t["problem." + code];
    }

    /// <summary>The bytes of the file that was chosen; marks the input when there is none, or one of more megabytes (MiB).</summary>
    public async Task<byte[]?> ReadFile(string name, IStringLocalizer t, CancellationToken ct, int megabytes = 8)
    {
        if (!Files.TryGetValue(name, out var file))
        {
            Fail(name, t["form.file-missing"]);
            return null;
        }

        if (file.Length > megabytes * 1024L * 1024)
        {
            Fail(name, t["form.file-too-large", megabytes]);
            return null;
        }

        var bytes = new byte[file.Length];
        await using var stream = file.OpenReadStream();
        await stream.ReadExactlyAsync(bytes, ct);
        return bytes;
    }

    /// <summary>The messages for an input and, for a group such as a shift, for the parts that have no input of their own.</summary>
    public IEnumerable<string> For(params ReadOnlySpan<string> names)
    {
        List<string> found = [];
        foreach (var name in names)
        {
            if (errors.TryGetValue(name, out var messages)) found.AddRange(messages);
        }

        return found;
    }

    /// <summary>Reads the form of a request, or one that was kept over a sign-in, or makes an empty one.</summary>
    public static async Task<Form> Of(HttpContext context, KeptForms kept)
    {
        var request = context.Request;
        if (HttpMethods.IsPost(request.Method) && request.HasFormContentType)
        {
            var sent = await request.ReadFormAsync(context.RequestAborted);
            return From(sent.Select(field => KeyValuePair.Create(field.Key, field.Value.ToString())), sent: true, sent.Files);
        }

        return await kept.Find(request) is { } fields ? From(fields, sent: false) : new Form();
    }

    static Form From(IEnumerable<KeyValuePair<string, string>> fields, bool sent, IFormFileCollection? files = null)
    {
        var form = new Form
        {
            Sent = sent,
            WasKept = !sent,
            Files = (files ?? Enumerable.Empty<IFormFile>()).Where(file => file.Length > 0).DistinctBy(file => file.Name).ToDictionary(file => file.Name),
        };
        foreach (var (name, value) in fields)
        {
            if (name is "__RequestVerificationToken" or "_handler") continue;
            form.values[name] = value.ReplaceLineEndings("\n");
        }

        if (form.Text("idempotencyKey") is { Length: <= 64 } key) form.IdempotencyKey = key;
        form.ETag = form.Text("etag");
        if (form.WasKept) form.Remove("do");
        return form;
    }

    static string NewKey() => Guid.CreateVersion7().ToString("N", CultureInfo.InvariantCulture);
}
