using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Shouldly;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Architecture.Tests;

/// <summary>The rules that keep the system simple, where a machine can check them.</summary>
public sealed partial class ArchitectureTests
{
    internal static readonly string Root = FindRoot();

    private static readonly Assembly[] Services =
    [
        typeof(Profiles.ProfilesStore).Assembly, typeof(Ledger.LedgerStore).Assembly, typeof(Verification.VerificationStore).Assembly,
        typeof(Vacancies.VacanciesStore).Assembly, typeof(Reporting.ReportingReaders).Assembly,
    ];

    [Fact]
    public void no_service_references_another()
    {
        foreach (var project in Projects().Where(project => project.StartsWith(Path.Combine(Root, "services"), StringComparison.Ordinal)))
        {
            References(project).Except(["EventSourcing", "Contracts", "ServiceDefaults", "Evidence", "Documents", "Mail", "MartenMail", "Design"])
                .ShouldBeEmpty(project);
        }
    }

    // What a room holds is paid for by whoever references it: mail by those who write to somebody; fonts, PDF and HarfBuzz by the service that issues
    // documents and by programs that check one.
    [Theory]
    [InlineData("Mail", "MartenMail", "Identity")]
    [InlineData("MartenMail", "Profiles", "Ledger", "Verification")]
    [InlineData("Evidence", "Profiles", "Ledger", "Verification", "Documents")]
    [InlineData("Documents", "Ledger", "Check", "Demo")]
    public void who_may_reference_what(string room, params string[] allowed) =>
        Projects().Where(project => References(project).Contains(room)).Select(project => Path.GetFileNameWithoutExtension(project))
            .ShouldBe(allowed, ignoreOrder: true);

    [Fact]
    public void contracts_depend_on_nothing()
    {
        var project = XDocument.Load(Path.Combine(Root, "services", "Shared", "Contracts", "Contracts.csproj"));
        project.Descendants("ProjectReference").ShouldBeEmpty();
        project.Descendants("PackageReference").ShouldBeEmpty();
    }

    [Fact]
    public void mass_transit_is_used_in_one_namespace_alone()
    {
        var users = Services.Append(typeof(EventSource).Assembly).Append(typeof(Mail.MailMessage).Assembly).Append(typeof(Mail.OutgoingMail).Assembly)
            .Append(typeof(ServiceDefaults.Telemetry).Assembly)
            .SelectMany(assembly => assembly.GetTypes()).Where(UsesMassTransit).Select(type => type.Namespace).Distinct();
        users.ShouldBe(["VolunteerBook.EventSourcing.Broker"]);
        SourceFiles("services").Concat(SourceFiles("gateway")).Concat(SourceFiles("ServiceDefaults"))
            .Where(file => File.ReadAllText(file).Contains("using MassTransit", StringComparison.Ordinal))
            .ShouldAllBe(file => file.Contains("/EventSourcing/Broker/", StringComparison.Ordinal));
    }

    /// <summary>In what it is, holds, takes and gives, and in what its methods call.</summary>
    private static bool UsesMassTransit(Type type) =>
        type.GetInterfaces().Concat(type.GetFields(All).Select(field => field.FieldType))
            .Concat(type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)).SelectMany(Touched))
            .Any(used => used.FullName?.StartsWith("MassTransit.", StringComparison.Ordinal) == true);

    private static IEnumerable<Type> Touched(MethodBase method) => method.GetParameters().Select(parameter => parameter.ParameterType)
        .Concat(Calls(method).SelectMany(called => (called.IsGenericMethod ? called.GetGenericArguments() : []).Append(called.DeclaringType)).OfType<Type>());

    [Fact]
    public void who_only_checks_signatures_carries_no_fonts_and_no_pdf()
    {
        foreach (var service in new[]
        {
            typeof(Profiles.ProfilesStore),
            typeof(Verification.VerificationStore),
            typeof(Vacancies.VacanciesStore),
            typeof(Reporting.ReportingReaders),
        })
        {
            ReferencedHoweverDeep(service.Assembly).Intersect(["VolunteerBook.Documents", "HarfBuzzSharp", "UglyToad.PdfPig", "QRCoder"])
                .ShouldBeEmpty(service.FullName);
        }

        ReferencedHoweverDeep(typeof(Ledger.LedgerStore).Assembly).ShouldContain("HarfBuzzSharp");
    }

    // Each service keeps what it was told of an organisation; who coordinates it now is one rule.
    [Fact]
    public void who_coordinates_now_is_asked_in_one_place()
    {
        string[] questions = ["IsCoordinator", "IsCoordinatedBy", "IsAppointed", "InThePlaceOf", "MayEvidence", "IsInForce"];
        var asked = Services.SelectMany(service => service.GetTypes())
            .SelectMany(type => type.GetMethods(All)).Where(method => IsOurs(method) && questions.Contains(method.Name)).ToList();
        asked.Select(method => method.DeclaringType!.Assembly).Distinct().Count().ShouldBe(3);
        foreach (var method in asked)
        {
            CallsHoweverDeep(method).ShouldContain(
                call => call.Called.DeclaringType == typeof(Contracts.Vocabulary.CoordinatorsNow)
                    || call.Called.DeclaringType == typeof(Contracts.Vocabulary.Appointment), $"{method.DeclaringType}.{method.Name}");
        }
    }

    /// <summary>Each part of Profiles asks the other by name; none reads the other's documents.</summary>
    [Theory]
    [InlineData("People", "Registry", "IRegistry", "WorkForOrganisations", "EndingKey")]
    [InlineData("Registry", "People", "INames", "MasterKey")]
    public void a_part_of_profiles_knows_of_the_other_what_it_may_ask(string part, string other, params string[] allowed)
    {
        var types = typeof(Profiles.ProfilesStore).Assembly.GetTypes();
        var touched = types.Where(type => IsIn(type, part)).SelectMany(type => type.GetFields(All).Select(field => field.FieldType)
                .Concat(type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)).SelectMany(Touched)))
            .SelectMany(Parts).Where(type => IsIn(type, other)).Select(type => type.Name).Distinct();
        touched.ShouldBe(allowed, ignoreOrder: true);
        // Nor by statements of its own.
        var statement = new Regex($@"\b(from|join|into|update)\s+({other.ToLowerInvariant()}|public)\.\w", RegexOptions.IgnoreCase);
        var folder = Path.Combine(FindRoot(), "services", "Profiles", part);
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Where(file => statement.IsMatch(File.ReadAllText(file))).ShouldBeEmpty();

        static bool IsIn(Type type, string part) => $"{type.Namespace}.".StartsWith($"VolunteerBook.Profiles.{part}.", StringComparison.Ordinal);
        static IEnumerable<Type> Parts(Type type) => type.GetGenericArguments().SelectMany(Parts).Append(type);
    }

    // An endpoint is mapped from one list of the service, and nowhere else.
    [Fact]
    public void each_endpoint_is_in_the_list_of_its_service_once()
    {
        foreach (var service in Services)
        {
            var types = service.GetTypes();
            var list = types.Single(type => type.Name == "Endpoints").GetMethod("Map", All)!;
            var listed = Calls(list).Where(called => called.Name == "Map" && IsOurs(called)).Select(called => called.DeclaringType!).ToList();
            listed.ShouldBe(types.Where(type => type.Name != "Endpoints" && type.GetMethod("Map", All) is { IsStatic: true } map
                && map.GetParameters() is [{ ParameterType.Name: "IEndpointRouteBuilder" }]), ignoreOrder: true);
            listed.ShouldAllBe(type => type.Name.EndsWith("Endpoint", StringComparison.Ordinal));
            types.SelectMany(type => type.GetMethods(All)).Where(method => method != list && IsOurs(method)
                && Calls(method).Any(called => called.Name == "Map" && listed.Contains(called.DeclaringType!))).ShouldBeEmpty();
        }
    }

    // Records that belong to the first type of a file stand with it, and a use case with its endpoint; whatever does something is found by its name.
    [Fact]
    public void a_class_is_in_the_file_of_its_name()
    {
        var astray = new List<string>();
        foreach (var file in new[] { "services", "gateway", "ServiceDefaults", "AppHost" }.SelectMany(SourceFiles)
            .Where(file => !file.Contains("/Migrations/", StringComparison.Ordinal) && !file.EndsWith(".cshtml.cs", StringComparison.Ordinal)))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            astray.AddRange(DoingSomething().Matches(File.ReadAllText(file))
                .Select(match => match.Groups[1].Value).Where(type => type != name && type != $"{name}Endpoint").Select(type => $"{type} in {file}"));
        }

        astray.ShouldBeEmpty();
    }

    [GeneratedRegex(
        @"^(?:public|internal) (?:static |sealed |abstract |readonly |partial )*(?:class|struct|interface|delegate [\w<>?\[\]]+) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex DoingSomething();

    // They keep a long body in a file with a name, which outlives a process that is killed.
    [Fact]
    public void nobody_receives_into_the_buffers_of_asp_net()
    {
        foreach (var file in SourceFiles("services").Concat(SourceFiles("gateway")).Concat(SourceFiles("ServiceDefaults")))
        {
            var text = File.ReadAllText(file);
            foreach (var buffer in new[] { "EnableBuffering", "FileBuffering", "GetTempFileName" })
            {
                text.ShouldNotContain(buffer, Case.Sensitive, file);
            }
        }
    }

    [Fact]
    public void what_a_service_is_made_of_fits_on_a_screen()
    {
        foreach (var program in SourceFiles("services").Concat(SourceFiles("gateway")).Where(file => Path.GetFileName(file) == "Program.cs"))
        {
            File.ReadLines(program).Count().ShouldBeLessThanOrEqualTo(40, program);
        }
    }

    // What services/BannedSymbols.txt forbids everywhere is an error of the compiler's; this is for what the edge may do and a decision may not.
    [Fact]
    public void applying_an_event_deciding_and_filling_a_read_model_call_nothing_that_reads_time_draws_chance_or_does_input_and_output_however_deep()
    {
        var found = 0;
        foreach (var method in Services.SelectMany(service => service.GetTypes()).SelectMany(type => type.GetMethods(All)).Where(IsPure))
        {
            found++;
            method.ReturnType.IsAssignableTo(typeof(Task)).ShouldBeFalse($"{method.DeclaringType}.{method.Name} waits for something");
            foreach (var (called, way) in CallsHoweverDeep(method))
            {
                Forbidden(called).ShouldBeFalse($"{way} -> {called.DeclaringType}.{called.Name}");
            }
        }

        found.ShouldBeGreaterThan(60);
    }

    [Theory]
    [InlineData(nameof(Impure.Itself), true)]
    [InlineData(nameof(Impure.BelowAnother), true)]
    [InlineData(nameof(Impure.InALambda), true)]
    [InlineData(nameof(Impure.InASequence), true)]
    [InlineData(nameof(Impure.Never), false)]
    public void what_reads_time_or_draws_chance_is_found_wherever_it_is_written(string method, bool forbidden) =>
        CallsHoweverDeep(typeof(Impure).GetMethod(method, All)!).Any(call => Forbidden(call.Called)).ShouldBe(forbidden);

    private static class Impure
    {
        public static Guid Itself() => Guid.CreateVersion7();

        public static Guid BelowAnother() => Itself();

        public static IEnumerable<byte[]> InALambda(IEnumerable<int> lengths) => lengths.Select(length => Itself().ToByteArray());

        public static IEnumerable<DateTimeOffset> InASequence(TimeProvider clock)
        {
            yield return clock.GetUtcNow();
        }

        public static DateTimeOffset Never(DateTimeOffset now) => now.AddDays(1);
    }

    /// <summary>A decision, or what makes a state or a read model of events.</summary>
    private static bool IsPure(MethodInfo method) => IsOurs(method) && method.Name switch
    {
        "Apply" or "Decide" => true,
        "Create" => Array.Exists(method.DeclaringType!.GetMethods(All), other => other.Name == "Apply"),
        _ => Array.Exists(method.GetParameters(), parameter => parameter.ParameterType == typeof(Filling)),
    };

    private static bool IsOurs(MethodBase method) => method.DeclaringType?.Namespace?.StartsWith("VolunteerBook", StringComparison.Ordinal) == true;

    private static readonly string[] AtTheEdgeOnly = ["System.Net.Http", "System.Net.Sockets", "Npgsql", "Marten"];

    private static bool Forbidden(MethodBase called) =>
        (called.DeclaringType?.FullName, called.Name) is ("System.Guid", "CreateVersion7") or ("System.TimeProvider", "GetUtcNow" or "GetLocalNow")
            or ("System.Security.Cryptography.RandomNumberGenerator" or "System.IO.File" or "System.Net.Dns", _)
        || Array.Exists(AtTheEdgeOnly, outside => $"{called.DeclaringType?.Namespace}.".StartsWith($"{outside}.", StringComparison.Ordinal));

    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>All but the tests.</summary>
    private static IEnumerable<string> Projects() =>
        new[] { "services", "gateway", "ServiceDefaults", "AppHost" }.SelectMany(
            folder => Directory.GetFiles(Path.Combine(Root, folder), "*.csproj", SearchOption.AllDirectories));

    /// <summary>The names of the assemblies that an assembly, or one of ours that it uses, uses.</summary>
    private static HashSet<string> ReferencedHoweverDeep(Assembly assembly)
    {
        var found = new HashSet<string>();
        var left = new Queue<Assembly>([assembly]);
        while (left.TryDequeue(out var next))
        {
            foreach (var name in next.GetReferencedAssemblies()
                .Where(name => found.Add(name.Name!) && name.Name!.StartsWith("VolunteerBook.", StringComparison.Ordinal)))
            {
                left.Enqueue(Assembly.Load(name));
            }
        }

        return found;
    }

    private static IEnumerable<string> References(string project) =>
        XDocument.Load(project).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    private static IEnumerable<string> SourceFiles(string folder) =>
        Directory.GetFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    [Fact]
    public void no_assertion_hangs_on_what_may_be_absent()
    {
        foreach (var file in SourceFiles("tests"))
        {
            var text = File.ReadAllText(file);
            for (var at = text.IndexOf(".Should", StringComparison.Ordinal); at >= 0; at = text.IndexOf(".Should", at + 1, StringComparison.Ordinal))
            {
                MayBeSkipped(text, at).ShouldBeFalse(
                    $"{file}, line {text.AsSpan(0, at).Count('\n') + 1}: where the left side of ?. is null nothing is asserted; put it in parentheses");
            }
        }
    }

    [Theory]
    [InlineData("a?.B", true)]
    [InlineData("x => a(b)?[c].D(e)", true)]
    [InlineData("(a?.B)", false)]
    [InlineData("a(b?.C)", false)]
    [InlineData("a?.B(); c", false)]
    [InlineData("x => a?.B, y => c", false)]
    public void what_may_be_skipped(string text, bool maybe) => MayBeSkipped(text, text.Length).ShouldBe(maybe);

    // Whether ?. or ?[ stands, outside of brackets, before this place in its expression.
    private static bool MayBeSkipped(string text, int at)
    {
        for (var (i, depth) = (at - 1, 0); i >= 0; i--)
        {
            depth += text[i] is ')' or ']' or '}' ? 1 : text[i] is '(' or '[' or '{' ? -1 : 0;
            if (depth < 0 || (depth == 0 && (text[i] is ';' or '=' or ',' or '{')))
            {
                return false;
            }

            if (depth == 0 && text[i] == '?' && (text[i + 1] is '.' or '['))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The methods that a method calls, and what those of ours call, with the way there.</summary>
    private static IEnumerable<(MethodBase Called, string Way)> CallsHoweverDeep(MethodBase method)
    {
        var seen = new HashSet<MethodBase> { method };
        var left = new Queue<(MethodBase Method, string Way)>([(method, $"{method.DeclaringType}.{method.Name}")]);
        while (left.TryDequeue(out var next))
        {
            foreach (var called in Calls(next.Method).Where(seen.Add))
            {
                yield return (called, next.Way);
                // What is to be done to a read model's tables is only collected.
                if (!IsOurs(called) || called.DeclaringType == typeof(Filling))
                {
                    continue;
                }

                var way = $"{next.Way} -> {called.DeclaringType}.{called.Name}";
                left.Enqueue((called, way));
                if (called.IsConstructor && called.DeclaringType!.IsDefined(typeof(CompilerGeneratedAttribute)))
                {
                    // A sequence: what is written in it is in a class of the compiler's.
                    foreach (var part in called.DeclaringType!.GetMethods(All).Where(seen.Add))
                    {
                        left.Enqueue((part, way));
                    }
                }
            }
        }
    }

    private static readonly Dictionary<short, OpCode> Instructions =
        typeof(OpCodes).GetFields().Select(field => (OpCode)field.GetValue(null)!).ToDictionary(instruction => instruction.Value);

    /// <summary>The methods that a method calls or hands on, read from its instructions.</summary>
    private static IEnumerable<MethodBase> Calls(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var at = 0; at < code.Length;)
        {
            var instruction = code[at] == 0xFE ? Instructions[(short)(0xFE00 | code[at + 1])] : Instructions[code[at]];
            at += instruction.Size;
            if (instruction.OperandType == OperandType.InlineMethod)
            {
                var parameters = method.IsGenericMethod ? method.GetGenericArguments() : [];
                yield return method.Module.ResolveMethod(BitConverter.ToInt32(code, at), method.DeclaringType!.GetGenericArguments(), parameters)!;
            }

            at += instruction.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "VolunteerBook.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
