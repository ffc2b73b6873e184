using VolunteerBook.Demo;
using VolunteerBook.Demo.World;

const string Usage =
    """
    seed [--gateway URL]                          makes the demo world on an empty store
    walk [--gateway URL] [--analyst-secret S]     walks the main job and shows each step
        --gateway URL          the gateway's address (default: http://localhost:8080)
        --analyst-secret S     read the events as the machine client analyst, not as the demo account
    """;

var gateway = new Uri("http://localhost:8080");
string? analystSecret = null;
for (var i = 1; i < args.Length; i += 2)
{
    if (args.Take(i).Contains(args[i]))
    {
        return Refuse($"{args[i]} is given twice.");
    }

    switch (args[i])
    {
        case "--gateway" when i + 1 < args.Length && Uri.TryCreate(args[i + 1], UriKind.Absolute, out var given):
            gateway = given;
            break;
        case "--analyst-secret" when i + 1 < args.Length:
            analystSecret = args[i + 1];
            break;
        default:
            return Refuse($"{args[i]}: no such option, or no value for it.");
    }
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

try
{
    switch (args.FirstOrDefault())
    {
        case "seed":
            using (var seed = new Seed(gateway, line => Console.WriteLine($"seed: {line}")))
            {
                await seed.RunAsync(stop.Token);
            }

            return 0;
        case "walk":
            Console.WriteLine($"demo: the main job at {gateway}");
            using (var walk = new Walk(gateway, analystSecret, Console.WriteLine))
            {
                await walk.RunAsync(stop.Token);
            }

            Console.WriteLine("demo: ok");
            return 0;
        default:
            return Refuse("seed or walk?");
    }
}
catch (Exception exception)
    when (exception is ApiException or TimeoutException or HttpRequestException or InvalidOperationException or OperationCanceledException)
{
    await Console.Error.WriteLineAsync($"{args[0]}: failed: {(exception is OperationCanceledException ? "interrupted" : exception.Message)}");
    return 1;
}

static int Refuse(string why)
{
    Console.Error.WriteLine(why);
    Console.Error.WriteLine(Usage);
    return 2;
}
