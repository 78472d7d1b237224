using System;
using System.CommandLine;
using HaukiOS.Host;
using HaukiOS.Host.Commands;
using HaukiOS.Host.Emulator;

var root = new RootCommand("hauki: boots, measures and watches HaukiOS in an emulator.")
{
    RunCommand.Create(),
    RunCommand.CreateDebug(),
    BenchCommand.Create(),
    SoakCommand.Create(),
    SwitchCommand.Create(),
    MigrateCommand.Create(),
    TeleportCommand.Create(),
    UnlockCommand.Create(),
};

try
{
    // Errors are shown below, in one line, and not by the parser with a trace.
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (UserErrorException problem)
{
    Console.Error.WriteLine($"hauki: {problem.Message}");
    return 2;
}
catch (EmulatorException problem)
{
    Console.Error.WriteLine($"hauki: {problem.Message}");
    return 3;
}
