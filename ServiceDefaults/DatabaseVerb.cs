namespace VolunteerBook.ServiceDefaults;

/// <summary>
/// <c>db apply</c> makes the database what this version needs; <c>db assert</c> says what is missing or of another form, and ends with 1 then.
/// </summary>
public sealed class DatabaseVerb(IDatabaseSchema schema) : IVerb
{
    public string Name => "db";

    public string Usage => "db apply\ndb assert";

    public async Task<int?> RunAsync(string[] args, CancellationToken ct)
    {
        switch (args)
        {
            case ["apply"]:
                await schema.ApplyAsync(ct);
                Console.WriteLine("The database matches this version.");
                return 0;
            case ["assert"]:
                var differences = await schema.DifferencesAsync(ct);
                foreach (var difference in differences)
                {
                    Console.WriteLine(difference);
                }

                Console.WriteLine(differences.Count == 0
                    ? "The database matches this version."
                    : "The database does not match this version. Run `db apply` to change it.");
                return differences.Count == 0 ? 0 : 1;
            default:
                return null;
        }
    }
}
