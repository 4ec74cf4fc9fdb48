/**
 * English words each of which is one token in cl100k_base and in o200k_base in three forms: with a leading space, with
 * a leading space and a capital, and with a capital alone. `test/unit/lorem.test.ts` holds them to it.
 */
export const words: readonly string[] = `
the of and to in for is on that by this with you it not or be are from at as your all have new more an was we
will home can us about if page my has search free but our one other do no information time they site he up may
what which their news out use any there see only so his when contact here business who web also now help get
view online first been would how were services some these click its like service than find price date back top
people list name just over state year day into email two health world next used go work last most products music
buy data make them should product system post her city add policy number such please available copyright support
message after best software then good well where info rights public books high school through each links she
review years order very privacy book items company read group need many user does set under general research
university mail full map reviews program life know games way days management part could great united hotel real
item international center must store travel comments made development report off member details line terms
before did send right type because local those using results office education national car design take posted
internet address community within states area want phone shipping reserved subject between forum family long
based code show even black check special prices website index being women much sign file link open today
technology south case project same pages version section own found sports house related security both county
american photo game members power while care network down computer systems three total place end following
download without per access think north resources current posts big media law control water history pictures
size art personal since including guide shop directory board location change white text small rating rate
government children during return students shopping account times sites level digital profile previous form
events love old john main call hours image department title description insurance another why property class
still money quality every listing content country private little visit save tools low reply customer december
compare movies include college value article york man card jobs provide food source author different press learn
sale around print course job canada process room stock training too credit point join science men categories
advanced west sales look english left team box conditions select windows photos thread week category note live
large gallery table register however november market library really action start series model features air
industry plan human required second cost movie march september better say questions going medical test friend
come dec server study application cart staff articles san feedback again play looking issues april never users
complete street topic comment financial things working against standard tax person below mobile less got blog
party payment
`
  .trim()
  .split(/\s+/)
