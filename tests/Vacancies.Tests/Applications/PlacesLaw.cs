using CsCheck;
using Shouldly;
using VolunteerBook.EventSourcing;
using VolunteerBook.Vacancies.Applications;
using VolunteerBook.Vacancies.Vacancies;

namespace VolunteerBook.Vacancies.Tests.Applications;

/// <summary>
/// The law of places: whatever is asked in whatever order, no shift has more accepted people than places, and the vacancy's count agrees with the applications.
/// </summary>
public sealed class PlacesLaw
{
    private const int Volunteers = 6;
    private static readonly Guid[] People = [.. Enumerable.Range(0, Volunteers).Select(_ => Guid.CreateVersion7())];
    private static readonly Guid[][] Choices = [[Given.UnderWay], [Given.ToCome], [Given.UnderWay, Given.ToCome]];

    private enum Step
    {
        Apply,
        Accept,
        Decline,
        Withdraw,
        Attend,
    }

    [Fact]
    public void places_are_never_exceeded_and_always_accounted_for() =>
        Gen.Select(
                Gen.Int[1, 3],
                Gen.Select(
                    Gen.Frequency(
                        (4, Gen.Const(Step.Apply)), (5, Gen.Const(Step.Accept)), (1, Gen.Const(Step.Decline)),
                        (3, Gen.Const(Step.Withdraw)), (1, Gen.Const(Step.Attend))),
                        Gen.Int[0, Volunteers - 1], Gen.Int[0, Choices.Length - 1]).Array[0, 60])
            .Sample((places, steps) =>
            {
                var vacancy = Given.AVacancy(places);
                var applications = new Dictionary<Guid, Application>();
                foreach (var (step, who, choice) in steps)
                {
                    var own = applications.Values.Where(application => application.VolunteerId == People[who]).OrderBy(application => application.Id).ToList();
                    var before = step == Step.Apply ? null : own.ElementAtOrDefault(choice);
                    var decision = Ask(step, vacancy, own, before, who, choice);
                    if (decision is null)
                    {
                        continue;
                    }

                    vacancy = vacancy.After(decision);
                    if (decision.Events.Count > 0)
                    {
                        var id = before?.Id ?? Application.NextOf(vacancy.Id, People[who], own);
                        applications[id] = applications.GetValueOrDefault(id).After(id, decision);
                    }

                    Holds(vacancy, applications.Values);
                    // A refusal for want of places is true: one of the shifts asked for is full.
                    if (decision.Refusal?.Code == "no-places-left")
                    {
                        vacancy.Shifts.Any(shift => before!.ShiftIds.Contains(shift.Id) && vacancy.Free(shift) == 0).ShouldBeTrue();
                    }
                }
            });

    private static Decision? Ask(Step step, Vacancy vacancy, List<Application> own, Application? application, int who, int choice) => (step, application) switch
    {
        (Step.Apply, _) => ApplyEndpoint.Decide(vacancy, own, People[who], new Apply(Choices[choice]), Given.Now),
        (_, null) => null,
        (Step.Accept, { } known) => AcceptApplicationEndpoint.Decide(known, vacancy, Given.Now),
        (Step.Decline, { } known) => DeclineApplicationEndpoint.Decide(known, new DeclineApplication("нет"), Given.Now),
        (Step.Withdraw, { } known) => WithdrawApplicationEndpoint.Decide(known, Given.Now),
        (_, { } known) => RecordAttendanceEndpoint.Decide(known, vacancy, Guid.Empty, new RecordAttendance(Given.UnderWay, 60), Given.Now),
    };

    private static void Holds(Vacancy vacancy, IReadOnlyCollection<Application> applications)
    {
        foreach (var shift in vacancy.Shifts)
        {
            var accepted = applications.Where(application => application.Status == ApplicationStatus.Accepted
                && application.ShiftIds.Contains(shift.Id)).ToList();
            accepted.Count.ShouldBeLessThanOrEqualTo(shift.Places);
            // Nobody has two places of one shift.
            accepted.DistinctBy(application => application.VolunteerId).Count().ShouldBe(accepted.Count);
            vacancy.Free(shift).ShouldBe(shift.Places - accepted.Count);
        }
    }
}
