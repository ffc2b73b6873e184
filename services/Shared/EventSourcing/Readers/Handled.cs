using System.Diagnostics;
using Marten;
using Marten.Services;
using Npgsql;
using VolunteerBook.Contracts;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

internal enum Handled
{
    Now,
    Before,
    TooEarly,
}
