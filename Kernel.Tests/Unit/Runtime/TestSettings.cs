using System.Linq;
using System.Reflection;

namespace HaukiOS.Tests.Runtime;

/// <summary>What the test project tells its tests (AssemblyMetadata in its project file).</summary>
internal static class TestSettings
{
    /// <summary>The pinned version of the compiler.</summary>
    public static string CompilerVersion { get; } = typeof(TestSettings).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "ILCompilerVersion").Value!;
}
