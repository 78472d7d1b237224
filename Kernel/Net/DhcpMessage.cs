namespace HaukiOS.Net;

/// <summary>The messages of DHCP (RFC 2131, RFC 2132).</summary>
internal static class DhcpMessage
{
    /// <summary>The client's port.</summary>
    internal const ushort ClientPort = 68;
}
