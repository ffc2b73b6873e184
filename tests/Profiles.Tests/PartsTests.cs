using Shouldly;

namespace VolunteerBook.Profiles.Tests;

/// <summary>The registry and people have their tables in schemas of their own, also in stores of before.</summary>
public sealed class PartsTests(ProfilesHost host) : IClassFixture<ProfilesHost>
{
    private static readonly string[] Registry = ["coordinator_invitations", "mt_doc_deputy", "mt_doc_invitation", "mt_doc_knownkey", "mt_doc_organisation"];
    private static readonly string[] People = ["mt_doc_acquaintance", "mt_doc_namedperson", "mt_doc_peoplelist", "mt_doc_volunteer"];
    // These are younger than the parts.
    private static readonly string[] NewOfPeople = ["mt_doc_notificationsettings", "notifications"];

    [Fact]
    public async Task tables_of_a_store_of_before_are_moved_with_what_is_in_them_and_instances_of_before_go_on()
    {
        var coordinator = Guid.NewGuid();
        var id = await host.ApprovedOrganisationAsync(coordinator, "Добрый двор");
        (await TablesAsync("registry")).ShouldBe(Registry);
        (await TablesAsync("people")).ShouldBe(People.Concat(NewOfPeople), ignoreOrder: true);
        var indexes = await IndexesAsync();

        // As an earlier version had them.
        await host.WhileStoppedAsync(
            [.. Registry.Select(table => $"alter table registry.{table} set schema public"), .. People.Select(
                table => $"alter table people.{table} set schema public"), "drop schema registry cascade", "drop schema people cascade"]);

        (await TablesAsync("registry")).ShouldBe(Registry);
        (await TablesAsync("people")).ShouldBe(People.Concat(NewOfPeople), ignoreOrder: true);
        (await IndexesAsync()).ShouldBe(indexes);
        (await TablesAsync("public")).ShouldNotContain(table => Registry.Contains(table) || People.Contains(table));
        using (var found = await host.Person(coordinator).GetAsync($"/api/v1/organisations/{id}", TestContext.Current.CancellationToken))
        {
            (await found.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("Добрый двор");
        }

        // What an instance of before writes under the old name is there.
        await host.QueryAsync<int>(
            """
            insert into public.mt_doc_deputy (id, data, mt_dotnet_type) values ('0198c0de-0000-7000-8000-000000000001', '{}', 'x')
            on conflict (id) do update set data = excluded.data
            """);
        (await host.QueryAsync<string>("select mt_dotnet_type from registry.mt_doc_deputy where id = '0198c0de-0000-7000-8000-000000000001'")).ShouldBe(["x"]);
        await host.QueryAsync<int>("delete from public.mt_doc_deputy where mt_dotnet_type = 'x'");
        (await host.QueryAsync<long>("select count(*) from registry.mt_doc_deputy")).ShouldBe([0]);
        await host.ApprovedOrganisationAsync(coordinator, "Ещё двор");
    }

    private Task<IReadOnlyList<string>> TablesAsync(string schema) =>
        host.QueryAsync<string>("select tablename::text from pg_tables where schemaname = $1 order by 1", schema);

    private Task<IReadOnlyList<string>> IndexesAsync() =>
        host.QueryAsync<string>("select indexname::text from pg_indexes where schemaname in ('registry', 'people') order by 1");
}
