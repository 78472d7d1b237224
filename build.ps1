<#
.SYNOPSIS
HaukiOS from PowerShell: the verbs of the Makefile.
.PARAMETER Verb
help, deps, build, iso, run, test, bench, soak, teleport, debug or clean.
.PARAMETER Only
For bench, soak and test: only this one.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Position = 0)]
    [ValidateSet('help', 'deps', 'build', 'iso', 'run', 'test', 'bench', 'soak', 'teleport', 'debug', 'clean')]
    [string] $Verb = 'build',
    [string] $Only = '',
    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot

# Which program stands for which Debian package: elsewhere than on Debian the program is what counts.
$programs = [ordered] @{
    'nasm' = 'nasm'; 'grub-mkimage' = 'grub-common grub-pc-bin'; 'xorriso' = 'xorriso'
    'qemu-system-i386' = 'qemu-system-x86'; 'bochs' = 'bochs bochs-term bochsbios vgabios'; 'gdb' = 'gdb'
}

function Invoke-Program([string] $Program, [string[]] $Words) {
    if ($PSCmdlet.ShouldProcess("$Program $($Words -join ' ')", 'run')) {
        & $Program @Words
        if ($LASTEXITCODE -ne 0) { throw "$Program ended with $LASTEXITCODE" }
    }
}

function Invoke-Build([string] $Project) {
    Invoke-Program 'dotnet' @('build', '-c', $Configuration, '-nologo', '-tl:off', '-v:minimal', "$root/$Project")
}

function Invoke-Hauki([string[]] $Words) {
    Invoke-Build 'Host/hauki.csproj'
    $head = @('run', '--project', "$root/Host", '-c', $Configuration, '--no-build', '--')
    Invoke-Program 'dotnet' ($head + @($Words | Where-Object { $_ }))
}

function Assert-Dependencies {
    $sdks = if (Get-Command dotnet -ErrorAction Ignore) { dotnet --list-sdks } else { @() }
    if (-not ($sdks -match '^10\.')) {
        throw "HaukiOS needs the .NET 10 SDK, and 'dotnet' is not here or older: https://dotnet.microsoft.com/download"
    }

    $missing = @($programs.Keys | Where-Object { -not (Get-Command $_ -ErrorAction Ignore) })
    if ($missing) {
        $packages = $missing | ForEach-Object { $programs[$_] }
        throw "missing: $($missing -join ', '). On Debian, as root: apt-get install $($packages -join ' ')"
    }
}

function Show-Help {
    'build.ps1 [build]         everything: kernel, ISO, host tools, tests'
    'build.ps1 iso             Iso/bin/hauki.iso, and hauki.elf beside it'
    'build.ps1 run             boots the ISO in QEMU, its serial port on this terminal'
    'build.ps1 test            builds everything and runs every test'
    'build.ps1 bench [-Only x] measures it against Linux: boot, argon2, tcp-receive, tcp-send, ping; tracking; teleport'
    'build.ps1 soak [-Only x]  hours of work in bounded form, memory flat: alloc, put, net, net-fuzz, moves'
    'build.ps1 teleport        a node moves between two machines while a Linux speaks with it (root)'
    'build.ps1 debug           boots in QEMU and waits for gdb'
    'build.ps1 deps            names the programs that are missing'
    'build.ps1 clean           removes what was built; the disk image stays'
}

function Clear-Output {
    Get-ChildItem $root -Recurse -Directory -Force |
        Where-Object { $_.Name -in 'bin', 'obj' -and $_.FullName -notmatch '[\\/]\.git[\\/]' } |
        ForEach-Object { Get-ChildItem $_.FullName -Recurse -File -Force } |
        Where-Object { $_.Name -ne 'disk.img' } |
        Remove-Item -Force
}

if ($Verb -notin 'help', 'clean') { Assert-Dependencies }
switch ($Verb) {
    'help' { Show-Help }
    'deps' { 'nothing is missing' }
    'build' { Invoke-Build 'HaukiOS.sln' }
    'iso' { Invoke-Build 'Iso/HaukiOS.Image.csproj' }
    'run' { Invoke-Build 'Iso/HaukiOS.Image.csproj'; Invoke-Hauki @('run') }
    'debug' { Invoke-Build 'Iso/HaukiOS.Image.csproj'; Invoke-Hauki @('debug') }
    'bench' { Invoke-Build 'Iso/HaukiOS.Image.csproj'; Invoke-Hauki @('bench', $Only) }
    'soak' { Invoke-Build 'Iso/HaukiOS.Image.csproj'; Invoke-Hauki @('soak', $Only) }
    'teleport' { Invoke-Build 'Iso/HaukiOS.Image.csproj'; Invoke-Hauki @('teleport') }
    'test' {
        Invoke-Build 'HaukiOS.sln'
        $words = @("$root/Iso/Build/bin/$Configuration/net10.0/HaukiOS.Build.dll", 'test',
            '--project', "$root/Kernel.Tests", '--configuration', $Configuration)
        if ($Only) { $words += @('--only', $Only) }
        Invoke-Program 'dotnet' $words
    }
    'clean' { Clear-Output }
}
