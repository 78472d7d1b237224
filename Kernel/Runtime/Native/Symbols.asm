; Addresses that the linker defines, as functions that managed code can import; and the two words of data that the
; compiler's code expects.

bits 32

extern modules_start
extern modules_end
extern type_names_start
extern type_names_end

global HaukiModulesStart
global HaukiModulesEnd
global HaukiTypeNamesStart
global HaukiTypeNamesEnd
global _g_cpuFeatures
global ___security_cookie

section .text

HaukiModulesStart:
        mov     eax, modules_start
        ret

HaukiModulesEnd:
        mov     eax, modules_end
        ret

HaukiTypeNamesStart:
        mov     eax, type_names_start
        ret

HaukiTypeNamesEnd:
        mov     eax, type_names_end
        ret

section .data
align 4

; Instruction sets beyond SSE2 that compiled code may use after asking: none.
_g_cpuFeatures:
        dd      0

; Lies between locals and the return address of methods with unsafe buffers; only a change of it matters.
___security_cookie:
        dd      0xBB40E64E
