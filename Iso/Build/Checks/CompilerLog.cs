using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace HaukiOS.Build.Checks;

/// <summary>
/// Reads what ilc prints. A method that asks for a type or member our core library lacks becomes a throw, one
/// line <c>IL1005</c> is printed, and the compiler exits with 0: a kernel would find out at run time. Here it is
/// an error of the build that names the method.
/// </summary>
public static partial class CompilerLog
{
    /// <summary>Everything in the log that must stop the build, one sentence each.</summary>
    /// <param name="lines">The compiler's output.</param>
    /// <param name="known">
    /// Callers that may stay broken because the kernel never reaches them: each with its reason. One that is no
    /// longer broken is an error, too, so that the list cannot rot.
    /// </param>
    public static IReadOnlyList<string> Problems(IEnumerable<string> lines, IReadOnlyList<string> known)
    {
        var problems = new List<string>();
        var met = new HashSet<string>();
        foreach (string line in lines)
        {
            Match missing = MissingLine().Match(line);
            if (!missing.Success)
            {
                if (ErrorLine().IsMatch(line))
                {
                    problems.Add(line.Trim());
                }

                continue;
            }

            string caller = missing.Groups["caller"].Value;
            if (known.Contains(caller))
            {
                met.Add(caller);
            }
            else
            {
                string reason = IdentityTail().Replace(missing.Groups["reason"].Value, "");
                problems.Add($"{caller} cannot work on the metal: {reason}");
            }
        }

        problems.AddRange(known.Where(caller => !met.Contains(caller)).Select(caller =>
            $"{caller} is listed as broken and is not: take it off the list"));
        return problems;
    }

    [GeneratedRegex(@"IL1005: (?<caller>.+?): Method will always throw because: (?<reason>.*)$")]
    private static partial Regex MissingLine();

    // The version and the 320 digits of the key tell nobody anything.
    [GeneratedRegex(@", Version=[^']*")]
    private static partial Regex IdentityTail();

    [GeneratedRegex(@"\berror\b|\bunhandled exception\b|\bIL1005\b", RegexOptions.IgnoreCase)]
    private static partial Regex ErrorLine();
}
