using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;

namespace VolunteerBook.EndToEnd.Tests.Contract;

/// <summary>
/// Every operation of the document gets, for each of its parameters, headers and members, what its schema does not mean, from whoever may call it and from a
/// stranger. Nothing of it may make a service fail, and each refusal is a problem that the document names, with the field.
/// </summary>
[Collection(RunningSystem.Shared)]
public sealed class HostileRunTests(RunningSystem running)
{
    private const string Placeholder = "\"@here@\"";

    [Fact]
    public async Task no_input_makes_a_service_fail_and_every_refusal_names_the_field()
    {
        using var nobody = await running.NobodyAsync();
        using var world = await WorldOfTheMatrix.MakeAsync(nobody, await running.SystemAsync(), nth: 1);
        var document = await ApiDocument.ReadAsync(nobody.Gateway);
        var rows = AccessMatrixTests.Rows();
        var cases = document.Operations.SelectMany(operation => Cases(operation, document, world, rows[operation.Name])).ToList();
        using var http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            MaxConnectionsPerServer = 8,
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        })
        {
            BaseAddress = nobody.Gateway,
            Timeout = TimeSpan.FromMinutes(2),
        };
        var wrong = new ConcurrentBag<string>();
        var begun = Stopwatch.StartNew();
        await Parallel.ForEachAsync(
            cases, new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = TestContext.Current.CancellationToken }, async (one, ct) =>
            {
                if (await FaultAsync(http, one, await world.Principal(one.Principal).TokenAsync(ct), ct) is { } fault)
                {
                    wrong.Add($"{one.Operation.Name} as {one.Principal}, {one.What}: {fault}");
                }
            });

        TestContext.Current.SendDiagnosticMessage($"{cases.Count} hostile requests in {begun.Elapsed.TotalSeconds:0} s");
        wrong.Order().Take(50).ShouldBeEmpty($"{wrong.Count} of {cases.Count}");
        // A run that shrinks to nothing would pass, too.
        cases.Count.ShouldBeGreaterThan(5000);
    }

    private static IEnumerable<Case> Cases(Operation operation, ApiDocument document, WorldOfTheMatrix world, AccessMatrixTests.Row row)
    {
        var path = world.Path(operation.Method, operation.Path, absent: false);
        var body = operation.Example is { } example && operation.Bodies.ContainsKey("application/json") ? world.Body(operation.Name, example) : null;
        var plain = new Case(operation, row.Rightful, "as it should be", path, body?.ToJsonString(), operation.NeedsVersion ? "\"9999\"" : null);
        foreach (var parameter in operation.Parameters)
        {
            var name = parameter["name"]!.GetValue<string>();
            var schema = document.Resolved(parameter["schema"]!.AsObject());
            switch (parameter["in"]!.GetValue<string>())
            {
                case "path":
                    foreach (var value in HostileValues.InAddresses.Where(value => value != "%20"))
                    {
                        yield return plain with
                        {
                            What = $"{name} in the path is {Short(value)}",
                            Path = world.Path(operation.Method, operation.Path.Replace($"{{{name}}}", value, StringComparison.Ordinal), absent: false),
                        };
                    }

                    break;
                case "query":
                    foreach (var value in HostileValues.InQueries.Concat(HostileValues.OfFormat(schema["format"]?.GetValue<string>())))
                    {
                        var exact = value.Length > 0 && value != "&&" && schema["format"]?.GetValue<string>() is "date" or "date-time" or "date-time-local";
                        yield return plain with
                        {
                            What = $"{name} in the query is {Short(value)}",
                            Path = With(path, name, value),
                            Named = exact ? name : null,
                        };
                    }

                    yield return plain with { What = $"{name} twice", Path = With(With(path, name, "1"), name, "2") };
                    break;
                case "header":
                    foreach (var value in HostileValues.OfHeader(name))
                    {
                        yield return name == "If-Match"
                            ? plain with { What = $"If-Match is {Short(value)}", Version = value }
                            : plain with { What = $"{name} is {Short(value)}", Header = (name, value) };
                    }

                    break;
            }
        }

        if (operation.Bodies.Count == 0)
        {
            yield break;
        }

        foreach (var (media, schema) in operation.Bodies)
        {
            foreach (var bytes in HostileValues.Bodies)
            {
                yield return plain with { What = $"the body is {Short(Encoding.UTF8.GetString(bytes))} as {media}", Bytes = bytes, Media = media };
            }
        }

        foreach (var media in HostileValues.MediaTypes)
        {
            yield return plain with { What = $"the body is called {media ?? "nothing"}", Media = media };
        }

        if (body is JsonObject whole)
        {
            foreach (var (what, text, named) in Mutations(document, document.Resolved(operation.Bodies["application/json"]), whole))
            {
                yield return plain with { What = what, Body = text, Named = named };
                if (row.Stranger.Length > 0 && what.Contains("\\u0000", StringComparison.Ordinal))
                {
                    yield return plain with { What = what, Body = text, Principal = row.Stranger };
                }
            }
        }
    }

    /// <summary>The body with one member after the other made hostile, left out, or said twice.</summary>
    private static IEnumerable<(string What, string Body, string? Named)> Mutations(ApiDocument document, JsonObject schema, JsonObject whole)
    {
        var required = (schema["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>()).ToHashSet();
        foreach (var (path, member, inList, isRequired) in Members(document, schema, "", required))
        {
            var withHole = Place(whole, path).ToJsonString();
            foreach (var (raw, must) in HostileValues.Of(document.Resolved(NotNull(member)), HostileValues.AllowsNull(member), inList))
            {
                yield return ($"{path} is {Short(raw)}", withHole.Replace(Placeholder, raw, StringComparison.Ordinal), must ? path : null);
            }

            if (!inList && !path.Contains('.', StringComparison.Ordinal))
            {
                var without = whole.DeepClone().AsObject();
                without.Remove(path);
                yield return ($"{path} is left out", without.ToJsonString(), isRequired ? path : null);
                yield return (
                    $"{path} is there twice",
                    withHole.Replace(Placeholder, $"null,{JsonValue.Create(path).ToJsonString()}:null", StringComparison.Ordinal), path);
            }
        }
    }

    private static IEnumerable<(string Path, JsonObject Schema, bool InList, bool Required)> Members(
        ApiDocument document, JsonObject schema, string prefix, HashSet<string> required)
    {
        foreach (var (name, value) in schema["properties"] as JsonObject ?? [])
        {
            var member = value!.AsObject();
            var path = prefix.Length == 0 ? name : $"{prefix}.{name}";
            yield return (path, member, false, required.Contains(name));
            foreach (var inner in Inside(document, document.Resolved(NotNull(member)), path))
            {
                yield return inner;
            }
        }
    }

    private static IEnumerable<(string Path, JsonObject Schema, bool InList, bool Required)> Inside(ApiDocument document, JsonObject schema, string path)
    {
        if (schema["items"] is JsonObject items)
        {
            yield return ($"{path}[0]", items, true, true);
            foreach (var inner in Inside(document, document.Resolved(NotNull(items)), $"{path}[0]"))
            {
                yield return inner;
            }
        }

        foreach (var inner in Members(document, schema, path, []))
        {
            yield return inner;
        }
    }

    /// <summary>Of a schema that is something or null, the something.</summary>
    private static JsonObject NotNull(JsonObject schema) =>
        schema["oneOf"] is JsonArray options ? options.Select(option => option!.AsObject()).First(option => option["type"]?.ToString() != "null") : schema;

    private static JsonObject Place(JsonObject whole, string path)
    {
        var copy = whole.DeepClone().AsObject();
        JsonNode node = copy;
        var steps = path.Replace("[0]", ".0", StringComparison.Ordinal).Split('.');
        for (var step = 0; step < steps.Length; step++)
        {
            JsonNode? next = step == steps.Length - 1 ? "@here@" : null;
            if (steps[step] == "0")
            {
                var list = node.AsArray();
                if (list.Count == 0)
                {
                    list.Add(null);
                }

                next ??= list[0]?.DeepClone() ?? (steps[step + 1] == "0" ? new JsonArray() : new JsonObject());
                list[0] = next;
            }
            else
            {
                var item = node.AsObject();
                next ??= item[steps[step]]?.DeepClone() ?? (steps[step + 1] == "0" ? new JsonArray() : new JsonObject());
                item[steps[step]] = next;
            }

            node = next;
        }

        return copy;
    }

    private static async Task<string?> FaultAsync(HttpClient http, Case one, string? token, CancellationToken ct)
    {
        for (; ; )
        {
            using var request = one.Request(http.BaseAddress!.GetLeftPart(UriPartial.Authority), token);
            using var response = await http.SendAsync(request, ct);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                await Task.Delay(200, ct);
                continue;
            }

            return Fault(one, response, await response.Content.ReadAsStringAsync(ct));
        }
    }

    private static string? Fault(Case one, HttpResponseMessage response, string text)
    {
        var status = (int)response.StatusCode;
        var said = $"{status} {Short(text)}";
        if (status >= 500)
        {
            return said;
        }

        if (status < 400)
        {
            return one.Named is null ? null : $"{said}, not refused";
        }

        if (one.Operation.Json["responses"]![status.ToString(System.Globalization.CultureInfo.InvariantCulture)]?["content"]?["application/problem+json"]
            is null)
        {
            return $"{said}: the document names no problem of this status";
        }

        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return $"{said}: no problem detail but {response.Content.Headers.ContentType}";
        }

        var problem = JsonNode.Parse(text)!.AsObject();
        if (problem["type"]?.GetValue<string>().StartsWith("https://volunteerbook.example/problems/", StringComparison.Ordinal) != true
            || problem["status"]?.GetValue<int>() != status || problem["title"] is null)
        {
            return $"{said}: the problem lacks type, title or status";
        }

        var fields = (problem["errors"] as JsonObject ?? []).Select(field => field.Key).ToList();
        if (status == 400 && fields.Count == 0)
        {
            return $"{said}: names no field";
        }

        return one.Named is { } named && !fields.Exists(
            field => field == named || field.StartsWith(named + "[", StringComparison.Ordinal) || field.StartsWith(named + ".", StringComparison.Ordinal))
            ? $"{said}: does not name {named}" : null;
    }

    private static string With(string path, string name, string value) => $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{name}={value}";

    private static string Short(string text) => text.Length > 120 ? $"{text[..100]}… ({text.Length})" : text;

    private sealed record Case(Operation Operation, string Principal, string What, string Path, string? Body, string? Version)
    {
        public byte[]? Bytes { get; init; }

        public string? Media { get; init; } = "application/json";

        public (string Name, string Value)? Header { get; init; }

        /// <summary>The field that must be refused.</summary>
        public string? Named { get; init; }

        public HttpRequestMessage Request(string gateway, string? token)
        {
            // As it is written here, not as a client would mend it.
            var address = new Uri($"{gateway}{Path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            var request = new HttpRequestMessage(new HttpMethod(Operation.Method), address);
            if (token is not null)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            if (Version is not null)
            {
                request.Headers.TryAddWithoutValidation("If-Match", Version);
            }

            if (Header is { } header)
            {
                request.Headers.TryAddWithoutValidation(header.Name, header.Value);
            }

            if ((Bytes ?? (Body is null ? null : Encoding.UTF8.GetBytes(Body))) is { } bytes)
            {
                request.Content = new ByteArrayContent(bytes);
                if (Media is not null)
                {
                    request.Content.Headers.TryAddWithoutValidation("Content-Type", Media);
                }
            }

            return request;
        }
    }
}
