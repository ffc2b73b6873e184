System.Console.WriteLine("VolunteerBook");
