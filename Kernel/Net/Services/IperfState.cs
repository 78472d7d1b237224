namespace HaukiOS.Net.Services;

/// <summary>The bytes by which the two ends of an iperf3 control connection tell each other where they are.</summary>
internal enum IperfState : byte
{
    /// <summary>The server has accepted all data connections.</summary>
    TestStart = 1,

    /// <summary>Data may flow.</summary>
    TestRunning = 2,

    /// <summary>The client has had enough.</summary>
    TestEnd = 4,

    /// <summary>The server wants the parameters.</summary>
    ParameterExchange = 9,

    /// <summary>The server waits for the data connections.</summary>
    CreateStreams = 10,

    /// <summary>The server gives up.</summary>
    ServerTerminate = 11,

    /// <summary>The client gives up.</summary>
    ClientTerminate = 12,

    /// <summary>Both tell their results, the client first.</summary>
    ExchangeResults = 13,

    /// <summary>The client may show them.</summary>
    DisplayResults = 14,

    /// <summary>The client is done.</summary>
    Done = 16,

    /// <summary>The server cannot; two numbers of 32 bits follow, its own reason and that of its system.</summary>
    ServerError = 0xFE,

    /// <summary>Another test is running.</summary>
    AccessDenied = 0xFF,
}
