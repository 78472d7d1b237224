using System;

namespace HaukiOS.Conformance;

/// <summary>System.String: searching, cutting, joining, comparing.</summary>
public static class StringCases
{
    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        suite.Add("string: trim removes white space at both ends", () => " \t hauki \r\n".Trim());
        suite.Add("string: substring past the end", () => "hauki".Substring(6));
    }
}
