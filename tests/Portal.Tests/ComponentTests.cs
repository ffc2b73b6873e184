using System.Globalization;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VolunteerBook.Portal.Forms;
using VolunteerBook.Portal.Parts;

namespace VolunteerBook.Portal.Tests;

/// <summary>Components that decide something, each by itself.</summary>
public sealed class ComponentTests : IDisposable
{
    private readonly BunitContext context = new();
    private readonly DefaultHttpContext http = new();

    public ComponentTests()
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("ru");
        context.Services.AddLogging().AddLocalization(options => options.ResourcesPath = "Resources").AddScoped<Say>()
            .AddSingleton<IHttpContextAccessor>(new HttpContextAccessor { HttpContext = http }).AddScoped<Here>();
        http.Request.Path = "/list";
    }

    public void Dispose() => context.Dispose();

    [Fact]
    public void a_list_of_one_page_has_no_pages() => PagerOf("", null).Markup.Trim().ShouldBeEmpty();

    [Fact]
    public void one_goes_on_page_by_page_and_back_by_number()
    {
        var address = "?region=RU-MOW";
        List<string> visited = [address];
        for (var page = 2; page <= 9; page++)
        {
            address = Link(PagerOf(address, "c" + page), "[rel=next]");
            address.ShouldContain($"after=c{page}");
            address.ShouldContain("region=RU-MOW");
            visited.Add(address);
        }

        var last = PagerOf(address, null);
        last.Find("[aria-current=page]").TextContent.ShouldBe("9");
        last.FindAll("[rel=next]").ShouldBeEmpty();
        last.FindAll("ol a").Select(link => link.TextContent).ShouldBe(["1", "4", "5", "6", "7", "8"]);
        last.Find("ol a").GetAttribute("href")!.ShouldEndWith("/list?region=RU-MOW");

        // Back one by one, each page is the one that it was.
        for (var page = 8; page >= 4; page--)
        {
            address = Link(PagerOf(address, "c" + (page + 2)), "[rel=prev]");
            address.ShouldContain($"after=c{page}&");
            PagerOf(address, "x").Find("[aria-current=page]").TextContent.ShouldBe(page.ToString(CultureInfo.InvariantCulture));
        }

        // What was before is forgotten; the beginning is always there.
        PagerOf(address, "x").FindAll("[rel=prev]").ShouldBeEmpty();
        PagerOf(address, "x").FindAll("ol a").Select(link => link.TextContent).ShouldBe(["1"]);
    }

    [Theory]
    [InlineData("?after=c2")]
    [InlineData("?after=c2&after-page=-3")]
    [InlineData("?after=c2&after-page=two&after-before=")]
    public void an_address_that_somebody_has_cut_still_has_a_page_and_a_beginning(string address)
    {
        var pager = PagerOf(address, null);
        pager.Find("[aria-current=page]").TextContent.ShouldBe("2");
        pager.Find("[rel=prev]").GetAttribute("href")!.ShouldEndWith("/list");
    }

    [Fact]
    public void what_was_done_is_told_once_and_only_what_has_a_text()
    {
        http.Request.Headers.Cookie = "told=entry-submitted%20/list";
        Render<Told>().Find(".done").TextContent.ShouldNotBeEmpty();
        http.Response.Headers.SetCookie.ToString().ShouldContain("told=;");

        foreach (var other in new[] { "entry-submitted%20/other", "%3Cb%3Eanything%3C/b%3E%20/list", "entry-submitted", "" })
        {
            http.Request.Headers.Cookie = "told=" + other;
            Render<Told>().Markup.Trim().ShouldBeEmpty(other);
        }
    }

    [Fact]
    public void what_is_told_goes_to_its_page_in_either_language()
    {
        foreach (var (path, page) in new[] { ("/book/1?x=1#y", "/book/1"), ("/en/book/1", "/book/1"), ("/en", "/"), ("/entries", "/entries") })
        {
            http.Response.Headers.SetCookie = "";
            Told.Remember(http, path, "entry-saved");
            var cookie = http.Response.Headers.SetCookie.ToString();
            Uri.UnescapeDataString(cookie).ShouldContain($"told=entry-saved {page};");
            cookie.ShouldContain("httponly");
            cookie.ShouldContain("samesite=lax");
        }
    }

    [Fact]
    public void a_bar_says_what_a_list_is_narrowed_by_and_takes_each_back()
    {
        http.Request.QueryString = new QueryString("?q=дом&region=RU-MOW&taskType=&after=c2&after-page=2");
        var form = new Form { ["q"] = "дом", ["region"] = "RU-MOW", ["taskType"] = "" };
        RenderFragment Input(string name) => builder =>
        {
            builder.OpenComponent<Choice>(0);
            builder.AddAttribute(1, nameof(Choice.Form), form);
            builder.AddAttribute(2, nameof(Choice.Name), name);
            builder.AddAttribute(3, nameof(Choice.Label), name);
            builder.AddAttribute(4, nameof(Choice.Options), (IReadOnlyList<Pick>)[new Pick("дом", "Дом"), new Pick("RU-MOW", "Москва")]);
            builder.CloseComponent();
        };

        void Inputs(RenderTreeBuilder builder)
        {
            builder.AddContent(0, Input("q"));
            builder.AddContent(1, Input("region"));
            builder.AddContent(2, Input("taskType"));
        }

        Navigate();
        var bar = context.Render<FilterBar>(given => given.AddCascadingValue<HttpContext>(http).Add(one => one.ChildContent, (RenderFragment)Inputs));

        var chips = bar.FindAll(".chips a").ToList();
        chips.Select(chip => chip.TextContent.Trim()).ShouldBe(["q: Дом ×", "region: Москва ×", "Сбросить"]);
        chips[0].GetAttribute("href")!.ShouldEndWith("/list?region=RU-MOW&taskType=");
        chips[2].GetAttribute("href").ShouldBe("/list");
    }

    [Theory]
    [InlineData("", "ёж Енот яблоко", "ascending none none", "-name -size -colour")]
    [InlineData("?rows=-name&q=1&after=c2", "яблоко Енот ёж", "descending none none", "∅ -size -colour")]
    [InlineData("?rows=-size", "яблоко ёж Енот", "none descending none", "∅ size -colour")]
    [InlineData("?rows=size", "Енот ёж яблоко", "none ascending none", "∅ -size -colour")]
    [InlineData("?rows=-colour", "яблоко ёж Енот", "none none descending", "∅ -size ∅∅")]
    [InlineData("?rows=weight", "ёж Енот яблоко", "ascending none none", "-name -size -colour")]
    public void a_table_is_sorted_by_what_the_address_says_and_its_headings_lead_on(string query, string names, string sorted, string leads)
    {
        http.Request.QueryString = new QueryString(query);
        Navigate();
        IReadOnlyList<Column<(string Name, long Size)>> columns =
        [
            new Column<(string Name, long Size)>("Имя", one => one.Name).SortedAs("name", one => one.Name),
            new Column<(string Name, long Size)>("Размер", one => $"{one.Size}") { IsNumber = true }.SortedAs("size", one => one.Size),
            // Sorted by the API, and only from the largest on.
            new("Цвет", _ => "") { IsNumber = true, Descending = "-colour" },
            new("Прочее", _ => ""),
        ];
        var table = Render<DataTable<(string Name, long Size)>>(given => given.Add(one => one.Title, "Звери").Add(one => one.Columns, columns)
            .Add(one => one.Items, [("яблоко", 10), ("ёж", 9), ("Енот", 2)]).Add(one => one.Sort, "rows").Add(one => one.Order, "name"));

        table.FindAll("tbody th").Select(cell => cell.TextContent.Trim()).ShouldBe(names.Split(' '));
        table.FindAll("thead th").Take(3).Select(head => head.GetAttribute("aria-sort") ?? "none").ShouldBe(sorted.Split(' '));
        table.FindAll("thead th")[3].QuerySelectorAll("a").ShouldBeEmpty();
        foreach (var (head, lead) in table.FindAll("thead th").Zip(leads.Split(' ')))
        {
            // ∅: the order at first, which the address need not name; ∅∅: no other order than the present one.
            var address = head.QuerySelector("a")?.GetAttribute("href");
            if (lead == "∅∅") address.ShouldBeNull();
            else if (lead == "∅") address!.ShouldNotContain("rows=");
            else address!.ShouldContain($"rows={lead}");
            if (address is null) continue;
            address.ShouldEndWith("#table-rows");
            address.Contains("q=1", StringComparison.Ordinal).ShouldBe(query.Contains("q=1", StringComparison.Ordinal));
            // Only rows that come page by page begin anew.
            address.Contains("after=", StringComparison.Ordinal).ShouldBe(query.Contains("after=", StringComparison.Ordinal) && lead != "-colour");
        }
    }

    [Theory]
    [InlineData("Смирнова Анна", false, "Координатор организации: Смирнова Анна")]
    [InlineData("Смирнова Анна", true, "Смирнова Анна")]
    [InlineData(null, false, "Координатор организации")]
    [InlineData(null, true, "Координатор организации")]
    public void a_person_is_a_name_or_a_role_and_never_nothing(string? name, bool roleIsSaid, string shown) =>
        Render<Person>(given => given.Add(one => one.Role, "coordinator").Add(one => one.Name, name).Add(one => one.RoleIsSaid, roleIsSaid))
            .Find(".person").TextContent.ShouldBe(shown);

    [Fact]
    public void a_moment_in_a_sentence_is_a_time_wherever_it_stands()
    {
        var at = new DateTimeOffset(2026, 5, 9, 7, 30, 0, TimeSpan.Zero);
        Sentence("Действует с {0} по {1}", at, at.AddDays(1)).ShouldBe("Действует с [2026-05-09T07:30:00Z] по [2026-05-10T07:30:00Z]");
        Sentence("{1}: {0}, снова {1}.", 7, at).ShouldBe("[2026-05-09T07:30:00Z]: 7, снова [2026-05-09T07:30:00Z].");
        Sentence("{0}", "<b>").ShouldBe("&lt;b&gt;");
        Sentence("Ничего").ShouldBe("Ничего");

        string Sentence(string text, params object?[] with) => System.Text.RegularExpressions.Regex.Replace(
            Render<Sentence>(given => given.Add(one => one.Of, text).Add(one => one.With, with)).Markup, "<time datetime=\"([^\"]+)\">.*?</time>", "[$1]");
    }

    [Theory]
    [InlineData(null, "9 мая 2026, 17:30 (UTC+10)")]
    [InlineData("Asia/Vladivostok", "9 мая 2026, 17:30")]
    [InlineData("Australia/Brisbane", "9 мая 2026, 17:30")]
    [InlineData("Europe/Moscow", "9 мая 2026, 17:30 (UTC+10)")]
    [InlineData("../../../etc/passwd", "9 мая 2026, 17:30 (UTC+10)")]
    [InlineData("Nowhere/At-all", "9 мая 2026, 17:30 (UTC+10)")]
    public void a_moment_says_its_zone_where_it_is_not_the_readers(string? readers, string shown)
    {
        if (readers is not null) http.Request.Headers.Cookie = "zone=" + readers;
        Render<When>(given => given.Add(one => one.At, new DateTimeOffset(2026, 5, 9, 7, 30, 0, TimeSpan.Zero)).Add(one => one.Zone, "Asia/Vladivostok"))
            .Find("time").TextContent.ShouldBe(shown);
        Render<Starts>(given => given.Add(one => one.At, new DateTime(2026, 5, 9, 17, 30, 0)).Add(one => one.Zone, "Asia/Vladivostok"))
            .Find("time").TextContent.ShouldBe(shown);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4, 0)]
    [InlineData(5, 2)]
    [InlineData(1000, 997)]
    public void rows_beyond_the_first_unfold_in_their_order(int all, int folded)
    {
        var table = Render<DataTable<int>>(given => given.Add(one => one.Title, "Числа").Add(one => one.Top, 3).Add(one => one.Sort, "rows")
            .Add(one => one.Items, [.. Enumerable.Range(0, all)]).Add(one => one.Order, "-number")
            .Add(one => one.Columns, [new Column<int>("Число", number => $"{number}").SortedAs("number", number => number)]));

        table.FindAll("tbody th").Select(cell => cell.TextContent).ShouldBe(Enumerable.Range(0, all).Reverse().Select(number => $"{number}"));
        table.FindAll("details tbody th").Count.ShouldBe(folded);
        table.FindAll("details thead a").ShouldBeEmpty();
    }

    [Fact]
    public void a_form_with_mistakes_is_heard_of_in_the_title()
    {
        var form = new Form();
        Title(form).ShouldStartWith("Внести часы — ");
        form.Fail("project", "Укажите проект");
        Title(form).ShouldStartWith("Ошибка: Внести часы — ");

        string Title(Form of) => Render<PageHead>(given => given.Add(one => one.Title, "Внести часы").Add(one => one.Form, of))
            .FindComponent<Microsoft.AspNetCore.Components.Web.PageTitle>().Instance.ChildContent is { } content
            ? context.Render(content).Markup
            : "";
    }

    private static string Link(IRenderedComponent<Pager> pager, string which) => new Uri(pager.Find(which).GetAttribute("href")!).Query;

    private IRenderedComponent<Pager> PagerOf(string query, string? next)
    {
        http.Request.QueryString = new QueryString(query);
        Navigate();
        return Render<Pager>(given => given.Add(pager => pager.Next, next));
    }

    private void Navigate() => context.Services.GetRequiredService<NavigationManager>().NavigateTo("/list" + http.Request.QueryString);

    private IRenderedComponent<T> Render<T>(Action<ComponentParameterCollectionBuilder<T>>? set = null) where T : IComponent =>
        context.Render<T>(given =>
        {
            given.AddCascadingValue<HttpContext>(http);
            set?.Invoke(given);
        });
}
