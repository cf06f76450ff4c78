#!/bin/sh
# Publishes the public CRM export: units, people, names, then its opportunities as deals.
#
#   docs/examples/crm-export/publish.sh FOLDER
#
# FOLDER holds the export's sales_teams.csv and sales_pipeline.csv. Running it
# again changes nothing.
set -eu
export=${1:?usage: publish.sh FOLDER}
maps=$(dirname "$0")

accolade publish units "$export/sales_teams.csv" --mapping "$maps/regions.yaml"
accolade publish units "$export/sales_teams.csv" --mapping "$maps/teams.yaml"
accolade publish people "$export/sales_teams.csv" --mapping "$maps/managers.yaml"
accolade publish people "$export/sales_teams.csv" --mapping "$maps/reps.yaml"
accolade publish contacts "$export/sales_teams.csv" --mapping "$maps/manager-contacts.yaml"
accolade publish contacts "$export/sales_teams.csv" --mapping "$maps/rep-contacts.yaml"
accolade publish deals "$export/sales_pipeline.csv" --mapping "$maps/deals.yaml"
