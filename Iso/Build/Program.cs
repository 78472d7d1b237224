using System;
using System.Linq;
using HaukiOS.Build.Checks;
using HaukiOS.Build.Facades;
using HaukiOS.Build.Link;

namespace HaukiOS.Build;

/// <summary>The build tool's verbs. MSBuild calls them; a person can, too.</summary>
public static class Program
{
    private const string Usage = """
        facades   --core LIB --references DIR --out DIR
                  one type-forwarding assembly for each reference assembly
        compile   --ilc FILE --response FILE --log FILE --out OBJECT [--known FILE] [--assembly LIB]...
                  IL to machine code; stops on what the compiler only mumbles about
        link      --out ELF [--bootable ELF] [--entry NAME] [--assembly LIB]... OBJECT...
                  the kernel's image, with symbols, and one without for the boot loader
        iso       --kernel ELF --config GRUB.CFG --work DIR --out ISO
                  a CD image that boots from a USB stick, too
        test      --project DIR [--configuration NAME] [--only NAME]
                  runs tests and ends with `N passed, N failed`
        """;

    /// <summary>Runs one verb.</summary>
    /// <returns>0 when it is done, 1 when the build must stop, 2 when nobody knows the verb.</returns>
    public static int Main(string[] words)
    {
        try
        {
            return words.Length == 0 ? Unknown() : Run(words[0], new Options(words.Skip(1)));
        }
        catch (BuildException problem)
        {
            // MSBuild and editors recognise this form of line and show it as an error of the build.
            foreach (string line in problem.Message.Split('\n'))
            {
                Console.Error.WriteLine($"hauki : error HAUKI : {line}");
            }

            return 1;
        }
    }

    private static int Run(string verb, Options options) => verb switch
    {
        "facades" => MakeFacades(options),
        "compile" => CompileVerb.Run(options),
        "link" => LinkVerb.Run(options),
        "iso" => IsoVerb.Run(options),
        "test" => TestVerb.Run(options),
        _ => Unknown(),
    };

    private static int MakeFacades(Options options)
    {
        int count = FacadeWriter.WriteAll(options.Get("references"), options.Get("core"), options.Get("out"));
        Console.WriteLine($"{count} facades");
        return 0;
    }

    private static int Unknown()
    {
        Console.Error.WriteLine(Usage);
        return 2;
    }
}
